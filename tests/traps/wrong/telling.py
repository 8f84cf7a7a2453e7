# ruff: noqa: F821  # it is put behind the module of its name


async def order_of_mails(request, pk):
    before = await Review.objects.filter(book_id=pk).acount()
    await Review.objects.acreate(book_id=pk, rating=3)
    after, tags, books = await gather(
        Review.objects.filter(book_id=pk).acount(), Tag.objects.acount(), Book.objects.acount()
    )
    background(send_mail, "Second", f"{after} reviews", None, ["two@shelf.example"])
    background(send_mail, "First", f"{before} reviews", None, ["one@shelf.example"])
    return JsonResponse({"numbers": [before, after, tags, books]})
