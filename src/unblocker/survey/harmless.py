"""Code that is known to do no I/O: the standard library's and Django's own building blocks.

What is listed may raise, so a step that calls it is not transparent; but nothing outside the process can notice it.
"""

import types
from functools import cache

from unblocker.survey.looking import look

MODULES = (
    "builtins", "math", "cmath", "decimal", "fractions", "numbers", "random", "statistics", "datetime", "calendar",
    "zoneinfo", "re", "string", "textwrap", "unicodedata", "difflib", "json", "csv", "html", "base64", "binascii",
    "hashlib", "hmac", "secrets", "uuid", "struct", "zlib", "gzip", "itertools", "functools", "operator", "collections",
    "heapq", "bisect", "array", "copy", "enum", "dataclasses", "typing", "types", "abc", "contextlib",
    "contextvars", "urllib.parse", "ipaddress", "mimetypes", "io", "_io", "logging", "warnings", "traceback", "inspect",
    "http.cookies", "_warnings",
    "email", "xml", "posixpath", "ntpath", "genericpath", "time", "pickle", "locale", "gettext", "platform", "sys",
    "_decimal",
    "_random", "_json", "_hashlib", "_operator", "_functools", "_collections", "_struct", "_csv", "_heapq",
    "_bisect", "_datetime", "_sre", "_thread", "_contextvars", "weakref", "pprint", "reprlib", "colorsys", "ast",
    "pathlib", "fnmatch", "keyword", "codecs", "_codecs", "encodings", "_hmac", "_sha2", "_md5", "_sha1", "_blake2",
    "asgiref.local", "sqlparse", "markupsafe", "pytz", "dateutil",
    "django.http", "django.urls", "django.utils", "django.conf", "django.core.exceptions", "django.core.serializers",
    "django.core.signing", "django.core.validators", "django.core.paginator", "django.db.models.aggregates",
    "django.db.models.expressions", "django.db.models.functions", "django.db.models.query_utils",
    "django.db.models.fields", "django.db.models.enums", "django.db.models.lookups", "django.db.models.constants",
    "django.contrib.postgres.aggregates", "django.contrib.postgres.search", "django.contrib.auth.hashers",
    "django.contrib.auth.tokens", "django.contrib.humanize", "django.forms", "django.middleware.csrf",
    "django.template.defaultfilters", "django.template.context", "django.views.decorators", "django.templatetags",
    "django.core.files.base", "django.core.files.uploadedfile", "django.db.utils", "django.apps",
    "django.contrib.sites.requests", "django.dispatch", "rest_framework.response", "rest_framework.status",
    "rest_framework.exceptions", "rest_framework.reverse", "rest_framework.settings", "rest_framework.fields",
    "rest_framework.relations", "rest_framework.utils", "rest_framework.renderers", "rest_framework.parsers",
    "rest_framework.negotiation", "rest_framework.versioning", "rest_framework.request", "rest_framework.decorators",
)  # fmt: skip

VIEW_MODULES = (
    "django.views.generic", "django.contrib.auth.mixins", "django.contrib.auth.views", "django.contrib.auth.forms",
    "django.contrib.messages.views", "rest_framework.generics", "rest_framework.mixins", "rest_framework.views",
    "rest_framework.viewsets", "rest_framework.permissions", "rest_framework.authentication",
    "rest_framework.pagination", "rest_framework.throttling",
)  # fmt: skip
"""What class-based views are made of: read as the project's own code is, for each view that inherits it."""

BLOCKING_BUILTINS = frozenset(
    {"open", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
)

NON_MUTATING_METHODS = frozenset(
    {
        "get", "keys", "values", "items", "copy", "count", "index", "getlist", "lists", "dict", "urlencode", "getvalue",
        "hexdigest", "digest", "json", "raise_for_status", "isoformat", "strftime", "date", "time", "timestamp",
        "astimezone", "replace", "total_seconds", "quantize", "strip", "lstrip", "rstrip", "split", "rsplit",
        "splitlines", "join", "format", "format_map", "encode", "decode", "lower", "upper", "title", "capitalize",
        "startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "zfill", "find", "rfind",
        "isdigit", "isnumeric", "isalpha", "isalnum", "isspace", "islower", "isupper", "ljust", "rjust", "center",
        "casefold", "swapcase", "translate", "union", "intersection", "difference", "symmetric_difference", "issubset",
        "issuperset", "isdisjoint", "match", "search", "fullmatch", "findall", "finditer", "group", "groups",
        "groupdict", "sub", "weekday", "isoweekday", "isocalendar", "ctime", "timetuple", "utcoffset", "as_tuple",
        "is_nan", "is_integer", "bit_length", "to_bytes", "hex", "most_common", "elements", "build_absolute_uri",
        "get_full_path", "get_host", "is_secure", "accepts", "get_port", "get_signed_cookie", "debug", "info",
        "warning",
        "error", "exception", "critical", "log", "has_key", "isEnabledFor", "get_username", "check_password",
    }
)  # fmt: skip

MUTATING_FUNCTIONS = frozenset(
    {
        "setattr",
        "delattr",
        "next",
        "shuffle",
        "heappush",
        "heappop",
        "heapify",
        "insort",
        "deque",
        "patch_cache_control",
    }
)


def module_of(target: object) -> str:
    """The module that defines a function or class, builtin methods included."""
    module = look(target, "__module__")
    if isinstance(module, str):
        return module
    owner = look(target, "__self__", look(target, "__objclass__"))
    if isinstance(owner, types.ModuleType):
        return owner.__name__
    if owner is not None:
        kind = owner if isinstance(owner, type) else type(owner)
        return kind.__module__
    return type(target).__module__


def is_framework(module: str) -> bool:
    """Whether a module holds what class-based views are made of."""
    return any(module == name or module.startswith(f"{name}.") for name in VIEW_MODULES)


def is_harmless(target: object) -> bool:
    """Whether calling this function or class does no I/O."""
    module = module_of(target)
    if module == "builtins" and look(target, "__name__") in BLOCKING_BUILTINS:
        return False
    if module == "http":
        return True
    return _is_listed(module)


@cache
def _is_listed(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in MODULES)


def is_exception(target: object) -> bool:
    """Whether it is an exception class."""
    return isinstance(target, type) and issubclass(target, BaseException)
