"""The lending desk, rightly converted: what the wrong conversions in `wrong/` are made of."""

# ruff: noqa: ARG001  # views take a request
import logging

import requests
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse, StreamingHttpResponse
from django.shortcuts import aget_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from lending.models import Book, Event, Loan, Tag

from django_unblock import aatomic, arender, gather, http, load, overlap, unblock

logger = logging.getLogger(__name__)

SHOPS = ("harbour", "corner", "station")


@require_safe
async def figures(request):
    """How much there is, for members."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden("Members only.")
    try:
        books, loans, tags = await gather(
            Book.objects.acount(), Loan.objects.acount(), Tag.objects.acount()
        )
    except DatabaseError:
        return JsonResponse({"error": "The catalogue is closed."}, status=503)
    response = JsonResponse({"books": books, "loans": loans, "tags": tags})
    response["X-Library"] = "main"
    return response


@require_safe
async def members(request):
    """Who has a loan, and for how long."""
    if not await request.user.ahas_perm("lending.change_book"):
        return HttpResponseForbidden("Librarians only.")
    loans, events = await gather(
        unblock(list)(Loan.objects.select_related("member").order_by("member__username", "pk")),
        Event.objects.acount(),
    )
    rows = [
        {"name": loan.member.username, "begun": timezone.localtime(loan.begun)} for loan in loans
    ]
    return JsonResponse({"members": rows, "events": events})


@require_safe
async def book_list(request):
    """A page of titles."""
    paginator = Paginator(Book.objects.order_by("title"), 5)
    page = await unblock(paginator.get_page)(request.GET.get("page"))
    await load(page.object_list)
    titles = [book.title for book in page]
    return JsonResponse({"titles": titles, "page": page.number, "pages": page.paginator.num_pages})


@require_safe
async def export(request):
    """All titles, line by line."""
    books, total = await gather(
        unblock(list)(Book.objects.order_by("title")), Loan.objects.acount()
    )

    async def lines():
        yield "title,copies\n"
        for book in books:
            yield f"{book.title},{book.copies}\n"
        yield f"loans,{total}\n"

    response = StreamingHttpResponse(lines(), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="books.csv"'
    return response


@require_safe
async def book_page(request, pk):
    """One title with its tags and its loans."""
    book = await aget_object_or_404(Book, pk=pk)
    tags = book.tags.order_by("name")
    loans = book.loans.select_related("member").order_by("pk")
    await load(tags, loans)
    return await arender(request, "lending/book.html", {"book": book, "tags": tags, "loans": loans})


@require_POST
async def borrow(request, pk):
    """Lend a copy: all of it or nothing."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden("Members only.")
    async with aatomic():
        book = await aget_object_or_404(Book.objects.select_for_update(), pk=pk)
        if book.copies == 0:
            return JsonResponse({"error": "All copies are out."}, status=409)
        loan = await Loan.objects.acreate(book=book, member=request.user, begun=timezone.now())
        book.copies -= 1
        await book.asave(update_fields=["copies"])
        transaction.on_commit(
            lambda: send_mail(
                book.title, f"Loan {loan.pk}", "desk@example.com", ["anna@example.com"]
            )
        )
    messages.success(request, "Enjoy your book.")
    return redirect("lending:book", pk=pk)


@require_POST
async def give_back(request, pk):
    """Take a copy back, or let it be kept for longer."""
    loan = await aget_object_or_404(Loan, pk=pk)
    if loan.member_id != request.user.pk:
        logger.warning("Loan %s is not %s's", loan.pk, request.user.get_username() or "a visitor")
        return HttpResponseForbidden("Somebody else's loan.")
    is_over = "renew" not in request.POST
    if loan.is_over == is_over:
        return JsonResponse({"over": is_over, "returned": None})
    loan.is_over = is_over
    await loan.asave()
    await Book.objects.filter(pk=loan.book_id).aupdate(copies=F("copies") + 1)
    returned = await request.session.aget("returned", 0) + 1
    await request.session.aset("returned", returned)
    return JsonResponse({"over": is_over, "returned": returned})


@require_POST
@permission_required("lending.change_book", raise_exception=True)
async def set_tags(request, pk):
    """Say what a book is about."""
    book = await aget_object_or_404(Book, pk=pk)
    wanted = Tag.objects.filter(name__in=request.POST.getlist("tag")).order_by("name")
    tags = await unblock(list)(wanted)
    await book.tags.aset(tags)
    await cache.aset(f"tags:{pk}", [tag.name for tag in tags])
    logger.info("Book %s has %d tags", pk, len(tags))
    return JsonResponse({"tags": [tag.name for tag in tags]})


@require_POST
async def upload_cover(request, pk):
    """Keep the picture of a book."""
    book = await aget_object_or_404(Book, pk=pk)
    if "cover" not in request.FILES:
        return JsonResponse({"error": "There is no picture."}, status=400)
    book.cover = await unblock(default_storage.save)(f"covers/{pk}.png", request.FILES["cover"])
    await book.asave(update_fields=["cover"])
    return JsonResponse({"cover": book.cover}, status=201)


@require_POST
async def import_books(request):
    """Take in new titles instead of others; one that is there already is no reason to stop."""
    known = []
    await Book.objects.filter(title__in=request.POST.getlist("gone")).adelete()
    try:
        for title in request.POST.getlist("title"):
            try:
                async with aatomic():
                    await Book.objects.acreate(title=title)
            except IntegrityError:
                known.append(title)
    finally:
        await Event.objects.acreate(text=f"import, {len(known)} known")
    return JsonResponse({"known": known}, status=207 if known else 201)


@require_safe
async def prices(request, pk):
    """What the shops ask for a book; the first one that answers is recommended."""
    book = await aget_object_or_404(Book, pk=pk)
    found = []

    async def ask(shop):
        return await http.get(f"{settings.SHOPS}/{shop}/price/{book.pk}", timeout=5)

    async for shop, reply in overlap(ask, SHOPS):
        try:
            answer = await reply
            answer.raise_for_status()
            found.append({"shop": shop, "price": answer.json()["number"]})
        except requests.RequestException:
            logger.warning("No price from %s", shop)
    if not found:
        return JsonResponse({"error": "No shop answers."}, status=502)
    return JsonResponse({"recommended": found[0], "prices": found})


@require_POST
async def order(request, pk):
    """Order one more copy: reserve it, write it down, pay for it."""
    book = await aget_object_or_404(Book, pk=pk)
    try:
        reserved = await http.post(
            f"{settings.SHOPS}/harbour/reserve", json={"book": pk}, timeout=5
        )
        reserved.raise_for_status()
        await Event.objects.acreate(text=f"reserved {reserved.json()['number']}")
        paid = await http.post(f"{settings.SHOPS}/harbour/pay", json={"book": pk}, timeout=5)
        paid.raise_for_status()
    except requests.RequestException:
        logger.warning("The order of %s has failed", book.title)
        return JsonResponse({"error": "It could not be ordered."}, status=502)
    return JsonResponse({"paid": paid.json()["number"]})


@require_POST
async def remind(request, pk):
    """Mail everybody who has the book."""
    lent = (
        Loan.objects.filter(book_id=pk, is_over=False)
        .select_related("member", "book")
        .order_by("pk")
    )
    loans = await unblock(list)(lent)
    for loan in loans:
        subject = f"Please return {loan.book.title}"
        await unblock(send_mail)(subject, "", "desk@example.com", [loan.member.username])
        await Event.objects.acreate(text=f"reminded {loan.member.username}")
    return JsonResponse({"reminded": len(loans)})


@require_safe
async def recent(request):
    """The newest titles, remembered for a while."""
    if "fresh" in request.GET:
        await cache.adelete("recent")
    titles = await cache.aget("recent")
    if titles is None:
        titles = await unblock(list)(
            Book.objects.order_by("-pk").values_list("title", flat=True)[:3]
        )
        await cache.aset("recent", titles, timeout=60)
    loans = await Loan.objects.filter(is_over=False).acount()
    return JsonResponse({"titles": titles, "loans": loans})


@require_POST
async def theme(request):
    """Remember the visitor's colours."""
    colours = request.POST.get("colours", "light")
    if colours not in {"light", "dark"}:
        return HttpResponse("No such colours.", status=400)
    await Event.objects.acreate(text=f"{colours} chosen")
    response = redirect(request.POST.get("next", "/books/"))
    response.set_cookie("theme", colours, max_age=3600, httponly=True, samesite="Lax")
    return response
