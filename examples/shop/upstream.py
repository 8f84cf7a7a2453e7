"""Stand-ins for the other companies' APIs: ``uvicorn upstream:app --port 8100``.

A plain ASGI application. The same path always gets the same answer, UPSTREAM_DELAY_MS
milliseconds (default 0) after it was asked.
"""

import asyncio
import json
import os
import re
import zlib

DELAY_SECONDS = float(os.environ.get("UPSTREAM_DELAY_MS", "0")) / 1000
RATES = {"GBP": "0.8561", "JPY": "171.24", "NOK": "11.4790", "USD": "1.1418"}
STEPS = ["accepted", "sorted", "on the road", "delivered"]
SUPPLIER_DOWN = "lantern-wholesale"
SUPPLIER_GARBLED = "meridian-trade"
JSON = b"application/json"


def number_of(text, below):
    """A number from 0 that depends on ``text`` only, the same in every process."""
    return zlib.crc32(text.encode()) % below


def answer(status, value):
    return status, JSON, json.dumps(value).encode()


def billing(headers, customer):
    if not headers.get(b"authorization", b"").startswith(b"Bearer "):
        return answer(401, {"error": "no key"})
    if customer.startswith("cus_closed"):
        return answer(404, {"error": "no such customer"})
    return answer(
        200,
        {
            "customer": customer,
            "balance": f"{number_of(customer, 50000) / 100:.2f}",
            "currency": "EUR",
            "plan": ["free", "plus", "business"][number_of(customer, 3)],
        },
    )


def analytics(headers, user):
    visits = number_of(f"visits{user}", 400)
    return answer(200, {"user": int(user), "visits": visits, "pages": visits * 7})


def rates(headers):
    return answer(200, {"base": "EUR", "rates": RATES})


def price(headers, supplier, sku):
    if supplier == SUPPLIER_DOWN:
        return answer(503, {"error": "maintenance"})
    if supplier == SUPPLIER_GARBLED:
        return 200, JSON, b'{"price": '
    cents = 500 + number_of(sku, 20000) + number_of(f"{supplier}/{sku}", 500)
    return answer(200, {"sku": sku, "price": f"{cents / 100:.2f}"})


def parcel(headers, number):
    """One parcel in seven is unknown to the carrier."""
    if number_of(number, 7) == 0:
        return answer(404, {"error": "no such parcel"})
    steps = STEPS[: 1 + number_of(number, len(STEPS))]
    return answer(200, {"parcel": number, "events": [{"event": step} for step in steps]})


ROUTES = [
    (re.compile(r"/billing/customers/([\w-]+)"), billing),
    (re.compile(r"/analytics/user/(\d+)"), analytics),
    (re.compile(r"/rates"), rates),
    (re.compile(r"/suppliers/([\w-]+)/price/([\w-]+)"), price),
    (re.compile(r"/shipping/parcels/([\w-]+)"), parcel),
]


def respond(path, headers):
    """Status, content type and body for ``path``; ``headers`` is a dict of bytes."""
    for pattern, handler in ROUTES:
        if match := pattern.fullmatch(path):
            return handler(headers, *match.groups())
    return answer(404, {"error": "no such path"})


async def lifespan(receive, send):
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    await asyncio.sleep(DELAY_SECONDS)
    status, content_type, body = respond(scope["path"], dict(scope["headers"]))
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
