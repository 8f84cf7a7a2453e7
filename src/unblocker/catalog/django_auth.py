"""Who the visitor is, and logging in and out."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_AUTH = "django.contrib.auth"
_USERS = ("django.contrib.auth.models.PermissionsMixin", "django.contrib.auth.models.AnonymousUser")

FAMILY = Family(
    name="django_auth",
    title="Authentication and permissions",
    summary=(
        "`request.user` is lazy: its first use reads the session and the user. The bridge carries that, so it is left "
        "as it is; behind `login_required` it has been read already."
    ),
    entries=(
        Entry("request_user", (), "query", reads=("session", "user"), returns="user"),
        Entry("authenticate", (f"{_AUTH}.authenticate", f"{_AUTH}.backends.ModelBackend.authenticate"), "query",
              reads=("users",), writes=("users",), returns="user",
              differs="Also hashes the password, which is CPU work; left in its place."),
        Entry("create_user", tuple(f"{_AUTH}.models.UserManager.create_{name}" for name in ("user", "superuser")),
              "query", reads=("model",), writes=("model",), returns="instance",
              differs="Also hashes the password, which is CPU work; left in its place."),
        Entry("natural_key", (f"{_AUTH}.base_user.BaseUserManager.get_by_natural_key",), "query", reads=("model",),
              raises=("django.core.exceptions.ObjectDoesNotExist",), returns="instance"),
        Entry("login", (f"{_AUTH}.login",), "query", reads=("session",), writes=("session", "users")),
        Entry("logout", (f"{_AUTH}.logout",), "query", reads=("session", "user"), writes=("session",)),
        Entry("get_user", (f"{_AUTH}.get_user",), "query", reads=("session", "user"), returns="user"),
        Entry("update_session_auth_hash", (f"{_AUTH}.update_session_auth_hash",), "query",
              reads=("session",), writes=("session",)),
        Entry(
            "check_password",
            ("django.contrib.auth.base_user.AbstractBaseUser.check_password",),
            "cpu",
            writes=("user",),
            differs="Hashes, and saves the user where the hash is out of date; left in its place.",
        ),
        Entry(
            "permissions",
            tuple(
                f"{owner}.{name}"
                for owner in _USERS
                for name in ("has_perm", "has_perms", "has_module_perms", "get_all_permissions",
                             "get_group_permissions", "get_user_permissions")
            ),
            "query",
            reads=("permissions",),
            differs="Reads the permission tables once per user object; left in its place.",
            examples=(
                Example(
                    'if not request.user.has_perm("shop.view_order"):\n'
                    "    raise PermissionDenied\n"
                    "orders = Order.objects.count()\n"
                    'return JsonResponse({"orders": orders})',
                    'if not request.user.has_perm("shop.view_order"):\n'
                    "    raise PermissionDenied\n"
                    "orders = Order.objects.count()\n"
                    'return JsonResponse({"orders": orders})',
                    why="The count may not start before the permission is known.",
                ),
            ),
        ),
        Entry(
            "admin_context",
            ("django.contrib.admin.sites.AdminSite.each_context",),
            "query",
            reads=("permissions",),
            returns="mapping",
            differs="Asks what the user may do with each registered model; left in its place.",
        ),
    ),
    harmless=(
        Harmless((f"{_AUTH}.get_user_model",), returns="user-model"),
        Harmless((f"{_AUTH}.get_permission_codename",)),
    ),
)  # fmt: skip
