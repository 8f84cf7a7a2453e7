# ruff: noqa: F821  # it is put behind the module of its name


async def finally_writes(request, pk):
    tags = await Tag.objects.acount()
    try:
        book = await Book.objects.aget(pk=pk)
        reviews = await Review.objects.filter(book_id=pk).acount()
    except Book.DoesNotExist:
        return HttpResponse("gone", status=410)
    await Entry.objects.acreate(text=f"asked for {pk}")
    return JsonResponse({"title": book.title, "reviews": reviews, "tags": tags})


async def returns_from_a_loop(request, pk):
    tags, entries = await gather(Tag.objects.acount(), Entry.objects.acount())
    books = [book async for book in Book.objects.order_by("pk")]
    counts = await gather(*(book.reviews.acount() for book in books))
    for book, reviews in zip(books, counts, strict=True):
        if book.pk == pk:
            return JsonResponse({"reviews": reviews, "numbers": [tags, entries]})
    return HttpResponse("none", status=404)
