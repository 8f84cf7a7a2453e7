from django import http
from django.utils import timezone
from django_unblock import (
    gather as unblock_gather,
    http as unblock_http,
    load as unblock_load,
)

from .models import A, B


async def load(request):
    rows = A.objects.all()

    async def read_a_2():
        return str(await B.objects.acount())

    read_a, list_b, _ = await unblock_gather(
        A.objects.acount(),
        read_a_2(),
        unblock_load(rows),
    )
    data = (await unblock_http.post("https://example.com", json={"n": read_a, "at": timezone.now()})).json()
    return http.JsonResponse({"a": read_a, "b": list_b, "rows": rows, "data": data})


async def gather(request, read_b):
    async def read_b_2():
        return await B.objects.acreate(n=int(read_b))

    a, b = await unblock_gather(A.objects.acreate(n=int(read_b)), read_b_2())
    return http.HttpResponse(f"{a} {b}")
