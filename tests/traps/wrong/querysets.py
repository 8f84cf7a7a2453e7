# ruff: noqa: F821  # it is put behind the module of its name


async def bool_fills_the_cache(request, pk):
    reviews = Review.objects.filter(book_id=pk)
    if not await reviews.aexists():
        return HttpResponse("no reviews")
    count, tags, authors = await gather(
        reviews.acount(), Tag.objects.acount(), Author.objects.acount()
    )
    return JsonResponse({"reviews": count, "tags": tags, "authors": authors})
