# ruff: noqa: F821  # it is put behind the module of its name


@answers_for_missing
async def exception_is_caught_outside(request, pk):
    tags, authors = await gather(Tag.objects.acount(), Author.objects.acount())
    book = await Book.objects.aget(pk=pk)
    return JsonResponse({"title": book.title, "counts": [tags, authors]})
