"""What two texts or bodies have in common when only their form differs: JSON, forms, multipart, tokens, addresses."""

import json
import re
from urllib.parse import parse_qsl

type Body = str

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_CSRF_INPUT = re.compile(r'(name="csrfmiddlewaretoken"\s+value=")[^"]*(")')
_SAVEPOINT = re.compile(r'"s\d+_x(\d+)"')


def canonical_body(body: bytes, content_type: str) -> Body:
    """The body as text, the same for the same content: JSON with sorted keys, one fixed multipart boundary."""
    kind = content_type.partition(";")[0].strip().lower()
    text = body.decode("utf-8", "backslashreplace")
    if kind == "application/json" or kind.endswith("+json"):
        return _canonical_json(text)
    if kind == "application/x-www-form-urlencoded":
        return "\n".join(f"{name}={value}" for name, value in parse_qsl(text, True))
    if kind == "multipart/form-data" and (match := _BOUNDARY.search(content_type)):
        return text.replace(match[1], "boundary")
    if kind == "text/html":
        return without_csrf_tokens(text)
    return text


def without_csrf_tokens(html: str) -> str:
    """The page with each hidden CSRF field's value left out: it is masked anew each time it is shown."""
    return _CSRF_INPUT.sub(r"\1…\2", html)


def without_addresses(text: str) -> str:
    """The text with objects' addresses in memory left out."""
    return _ADDRESS.sub("0x…", text)


def canonical_sql(sql: str) -> str:
    """The statement with savepoints named by their number alone; Django puts the thread's identity in front."""
    return _SAVEPOINT.sub(r'"s_x\1"', sql)


def _canonical_json(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False)
    except ValueError:
        return text
