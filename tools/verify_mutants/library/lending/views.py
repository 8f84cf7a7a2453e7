"""The lending desk, as it was written: synchronous."""

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
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lending.models import Book, Event, Loan, Tag

logger = logging.getLogger(__name__)

SHOPS = ("harbour", "corner", "station")


@require_safe
def figures(request):
    """How much there is, for members."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden("Members only.")
    try:
        books, loans, tags = Book.objects.count(), Loan.objects.count(), Tag.objects.count()
    except DatabaseError:
        return JsonResponse({"error": "The catalogue is closed."}, status=503)
    response = JsonResponse({"books": books, "loans": loans, "tags": tags})
    response["X-Library"] = "main"
    return response


@require_safe
def members(request):
    """Who has a loan, and for how long."""
    if not request.user.has_perm("lending.change_book"):
        return HttpResponseForbidden("Librarians only.")
    loans = list(Loan.objects.select_related("member").order_by("member__username", "pk"))
    rows = [
        {"name": loan.member.username, "begun": timezone.localtime(loan.begun)} for loan in loans
    ]
    return JsonResponse({"members": rows, "events": Event.objects.count()})


@require_safe
def book_list(request):
    """A page of titles."""
    page = Paginator(Book.objects.order_by("title"), 5).get_page(request.GET.get("page"))
    titles = [book.title for book in page]
    return JsonResponse({"titles": titles, "page": page.number, "pages": page.paginator.num_pages})


@require_safe
def export(request):
    """All titles, line by line."""
    books = list(Book.objects.order_by("title"))
    total = Loan.objects.count()

    def lines():
        yield "title,copies\n"
        for book in books:
            yield f"{book.title},{book.copies}\n"
        yield f"loans,{total}\n"

    response = StreamingHttpResponse(lines(), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="books.csv"'
    return response


@require_safe
def book_page(request, pk):
    """One title with its tags and its loans."""
    book = get_object_or_404(Book, pk=pk)
    tags = book.tags.order_by("name")
    loans = book.loans.select_related("member").order_by("pk")
    return render(request, "lending/book.html", {"book": book, "tags": tags, "loans": loans})


@require_POST
def borrow(request, pk):
    """Lend a copy: all of it or nothing."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden("Members only.")
    with transaction.atomic():
        book = get_object_or_404(Book.objects.select_for_update(), pk=pk)
        if book.copies == 0:
            return JsonResponse({"error": "All copies are out."}, status=409)
        loan = Loan.objects.create(book=book, member=request.user, begun=timezone.now())
        book.copies -= 1
        book.save(update_fields=["copies"])
        transaction.on_commit(
            lambda: send_mail(
                book.title, f"Loan {loan.pk}", "desk@example.com", ["anna@example.com"]
            )
        )
    messages.success(request, "Enjoy your book.")
    return redirect("lending:book", pk=pk)


@require_POST
def give_back(request, pk):
    """Take a copy back, or let it be kept for longer."""
    loan = get_object_or_404(Loan, pk=pk)
    if loan.member_id != request.user.pk:
        logger.warning("Loan %s is not %s's", loan.pk, request.user.get_username() or "a visitor")
        return HttpResponseForbidden("Somebody else's loan.")
    is_over = "renew" not in request.POST
    if loan.is_over == is_over:
        return JsonResponse({"over": is_over, "returned": None})
    loan.is_over = is_over
    loan.save()
    Book.objects.filter(pk=loan.book_id).update(copies=F("copies") + 1)
    request.session["returned"] = request.session.get("returned", 0) + 1
    return JsonResponse({"over": is_over, "returned": request.session["returned"]})


@require_POST
@permission_required("lending.change_book", raise_exception=True)
def set_tags(request, pk):
    """Say what a book is about."""
    book = get_object_or_404(Book, pk=pk)
    tags = list(Tag.objects.filter(name__in=request.POST.getlist("tag")).order_by("name"))
    book.tags.set(tags)
    cache.set(f"tags:{pk}", [tag.name for tag in tags])
    logger.info("Book %s has %d tags", pk, len(tags))
    return JsonResponse({"tags": [tag.name for tag in tags]})


@require_POST
def upload_cover(request, pk):
    """Keep the picture of a book."""
    book = get_object_or_404(Book, pk=pk)
    if "cover" not in request.FILES:
        return JsonResponse({"error": "There is no picture."}, status=400)
    book.cover = default_storage.save(f"covers/{pk}.png", request.FILES["cover"])
    book.save(update_fields=["cover"])
    return JsonResponse({"cover": book.cover}, status=201)


@require_POST
def import_books(request):
    """Take in new titles instead of others; one that is there already is no reason to stop."""
    known = []
    Book.objects.filter(title__in=request.POST.getlist("gone")).delete()
    try:
        for title in request.POST.getlist("title"):
            try:
                with transaction.atomic():
                    Book.objects.create(title=title)
            except IntegrityError:
                known.append(title)
    finally:
        Event.objects.create(text=f"import, {len(known)} known")
    return JsonResponse({"known": known}, status=207 if known else 201)


@require_safe
def prices(request, pk):
    """What the shops ask for a book; the first one that answers is recommended."""
    book = get_object_or_404(Book, pk=pk)
    found = []
    for shop in SHOPS:
        try:
            answer = requests.get(f"{settings.SHOPS}/{shop}/price/{book.pk}", timeout=5)
            answer.raise_for_status()
            found.append({"shop": shop, "price": answer.json()["number"]})
        except requests.RequestException:
            logger.warning("No price from %s", shop)
    if not found:
        return JsonResponse({"error": "No shop answers."}, status=502)
    return JsonResponse({"recommended": found[0], "prices": found})


@require_POST
def order(request, pk):
    """Order one more copy: reserve it, write it down, pay for it."""
    book = get_object_or_404(Book, pk=pk)
    try:
        reserved = requests.post(f"{settings.SHOPS}/harbour/reserve", json={"book": pk}, timeout=5)
        reserved.raise_for_status()
        Event.objects.create(text=f"reserved {reserved.json()['number']}")
        paid = requests.post(f"{settings.SHOPS}/harbour/pay", json={"book": pk}, timeout=5)
        paid.raise_for_status()
    except requests.RequestException:
        logger.warning("The order of %s has failed", book.title)
        return JsonResponse({"error": "It could not be ordered."}, status=502)
    return JsonResponse({"paid": paid.json()["number"]})


@require_POST
def remind(request, pk):
    """Mail everybody who has the book."""
    loans = list(
        Loan.objects.filter(book_id=pk, is_over=False)
        .select_related("member", "book")
        .order_by("pk")
    )
    for loan in loans:
        send_mail(
            f"Please return {loan.book.title}", "", "desk@example.com", [loan.member.username]
        )
        Event.objects.create(text=f"reminded {loan.member.username}")
    return JsonResponse({"reminded": len(loans)})


@require_safe
def recent(request):
    """The newest titles, remembered for a while."""
    if "fresh" in request.GET:
        cache.delete("recent")
    titles = cache.get("recent")
    if titles is None:
        titles = list(Book.objects.order_by("-pk").values_list("title", flat=True)[:3])
        cache.set("recent", titles, timeout=60)
    loans = Loan.objects.filter(is_over=False).count()
    return JsonResponse({"titles": titles, "loans": loans})


@require_POST
def theme(request):
    """Remember the visitor's colours."""
    colours = request.POST.get("colours", "light")
    if colours not in {"light", "dark"}:
        return HttpResponse("No such colours.", status=400)
    Event.objects.create(text=f"{colours} chosen")
    response = redirect(request.POST.get("next", "/books/"))
    response.set_cookie("theme", colours, max_age=3600, httponly=True, samesite="Lax")
    return response
