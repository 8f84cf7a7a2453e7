# ruff: noqa: F821  # it is put behind the module of its name


async def session_between_reads(request, pk):
    seen = await request.session.aget("seen", [])
    books, tags, authors = await gather(
        Book.objects.filter(author_id=pk).acount(), Tag.objects.acount(), Author.objects.acount()
    )
    seen.append(books)
    await request.session.aset("seen", seen)
    return JsonResponse({"seen": seen, "counts": [books, tags, authors]})
