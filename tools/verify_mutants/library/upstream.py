"""The bookshops' APIs: the same question always gets the same answer."""

import json
import zlib

CLOSED = "/corner/"


async def app(scope, receive, send):
    """Tell a price, or take an order; the shop at the corner is closed."""
    if scope["type"] != "http":
        return
    body = (await receive()).get("body", b"")
    path = scope["path"]
    status = 503 if path.startswith(CLOSED) else 200
    answer = json.dumps({"path": path, "number": zlib.crc32(path.encode() + body) % 1000})
    head = {"type": "http.response.start", "status": status}
    await send({**head, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": answer.encode()})
