"""Signs users in from inside a project: `python -m unblocker.measure.sign_in FILE WSGI [USER…]`.

Runs in the project's folder and starts the project as a server would, by importing the module of
its WSGI application. Writes to FILE, as JSON, by user name and "" for nobody, the cookies and
headers that a browser would send after the login form. Exit status 3 if a user does not exist, the
missing names being all that is written to FILE.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

NO_SUCH_USER = 3


def main(file: Path, wsgi: str, names: list[str]) -> int:
    """Write the logins and return the exit status."""
    sys.path.insert(0, str(Path.cwd()))
    import_module(wsgi.partition(":")[0])
    users = {name: find_user(name) for name in names}
    if missing := [name for name, user in users.items() if user is None]:
        file.write_text(", ".join(missing))
        return NO_SUCH_USER
    logins = {name: sign_in(user) for name, user in {"": None, **users}.items()}
    file.write_bytes(msgspec.json.encode(logins))
    return 0


def find_user(name: str) -> "AbstractBaseUser | None":
    """The user of that name (or of what else the project's users go by)."""
    from django.contrib.auth import get_user_model

    model = get_user_model()
    return model._default_manager.filter(**{str(model.USERNAME_FIELD): name}).first()


def sign_in(user: "AbstractBaseUser | None") -> dict[str, dict[str, str]]:
    """Log the user in without a password, as Django's test client does."""
    from django.conf import settings
    from django.contrib.auth import login
    from django.http import HttpRequest
    from django.middleware.csrf import CSRF_SESSION_KEY, get_token

    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    cookies = {}
    if user:
        login(request, user, settings.AUTHENTICATION_BACKENDS[0])
    token = get_token(request)
    if settings.CSRF_USE_SESSIONS:
        request.session[CSRF_SESSION_KEY] = request.META["CSRF_COOKIE"]
    else:
        cookies[settings.CSRF_COOKIE_NAME] = request.META["CSRF_COOKIE"]
    if user or settings.CSRF_USE_SESSIONS:
        request.session.save()
        cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    header = settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-")
    return {"cookies": cookies, "headers": {header: token}}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
