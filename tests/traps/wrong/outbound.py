# ruff: noqa: F821  # it is put behind the module of its name


async def returns_from_the_loop(request, pk):
    kinds = ["price", "missing", "broken"] if pk == 1 else ["missing", "broken"]
    asked = (http.get(f"{settings.UPSTREAM}/{kind}/{pk}", timeout=5) for kind in kinds)
    for response in await gather(*asked):
        if response.ok:
            return JsonResponse(response.json())
    return HttpResponse("nowhere", status=502)
