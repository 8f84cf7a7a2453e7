# ruff: noqa: F821  # it is put behind the module of its name


async def hidden_between(request, pk):
    book, reviews, tags = await gather(
        aget_object_or_404(Book, pk=pk),
        Review.objects.filter(book=pk).acount(),
        Tag.objects.filter(books=pk).acount(),
    )
    if book.is_hidden:
        raise Http404
    return JsonResponse({"reviews": reviews, "tags": tags})
