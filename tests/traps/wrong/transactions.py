# ruff: noqa: F821  # it is put behind the module of its name


async def savepoint_rolled_back(request, pk):
    async with aatomic():
        await Entry.objects.acreate(text="kept")
        try:
            await Entry.objects.acreate(text="taken back")
            await Counter.objects.aget_or_create(name="visits" if pk == 1 else f"book {pk}")
        except IntegrityError:
            await Entry.objects.acreate(text="failed")
        entries = [text async for text in Entry.objects.values_list("text", flat=True)]
    return JsonResponse({"entries": entries, "counters": await Counter.objects.acount()})
