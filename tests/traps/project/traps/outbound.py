"""Calls of other hosts: which are made, in which order, and how they fail."""

import json
from urllib.error import HTTPError
from urllib.request import urlopen

import requests
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as NoConnection
from shelf.models import Author, Book, Counter, Entry, Review, Tag
from urllib3.util import Retry


def price_of(kind, pk):
    return requests.get(f"{settings.UPSTREAM}/{kind}/{pk}", timeout=5)


def returns_from_the_loop(request, pk):
    """The first host that answers ends the loop: the others are not asked.

    asks: GET 1 -> 200; GET 2 -> 502; GET 3 -> 502
    decided: convert
    """
    kinds = ["price", "missing", "broken"] if pk == 1 else ["missing", "broken"]
    for kind in kinds:
        response = requests.get(f"{settings.UPSTREAM}/{kind}/{pk}", timeout=5)
        if response.ok:
            return JsonResponse(response.json())
    return HttpResponse("nowhere", status=502)


def breaks_or_else(request, pk):
    """The `else` of a loop over hosts runs where none of them said yes.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert
    """
    asked = []
    for kind in ("missing", "price", "broken"):
        response = requests.get(f"{settings.UPSTREAM}/{kind}/{pk}", timeout=5)
        asked.append(response.status_code)
        if response.ok and pk == 1:
            break
    else:
        Entry.objects.create(text="nobody said yes")
    return JsonResponse({"asked": asked})


def goes_on_after_a_failure(request, pk):
    """A host that fails is left out, the others answer in order.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    prices = []
    for kind in ("price", "missing", "text", "prices"):
        try:
            response = requests.get(f"{settings.UPSTREAM}/{kind}/{pk}", timeout=5)
            response.raise_for_status()
            prices.append(response.json()["price"])
        except requests.HTTPError as error:
            prices.append(error.response.status_code)
        except ValueError as error:
            prices.append(type(error).__name__)
    return JsonResponse({"prices": prices})


def asked_after_the_write(request, pk):
    """What is posted in a loop is posted in order, each with the row that was written before it.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert
    """
    answers = []
    for number in range(pk + 1):
        entry = Entry.objects.create(text=f"entry {number}")
        sent = {"entry": entry.text}
        response = requests.post(f"{settings.UPSTREAM}/echo/{number}", json=sent, timeout=5)
        answers.append(response.text)
    return JsonResponse({"answers": answers})


def caught_by_class(request, pk):
    """Each exception of requests is caught where it was, subclasses before their bases.

    asks: GET 1 -> 502; GET 2 -> 504; GET 3 -> 500
    decided: convert
    """
    address = {1: settings.UPSTREAM, 2: settings.UNREACHABLE}.get(pk, "not an address")
    try:
        response = requests.get(f"{address}/broken/{pk}", timeout=5)
        response.raise_for_status()
    except NoConnection:
        return HttpResponse("no connection", status=504)
    except requests.exceptions.MissingSchema:
        return HttpResponse("bad address", status=400)
    except requests.exceptions.RequestException as error:
        return HttpResponse(f"failed: {error.response.status_code}", status=502)
    return HttpResponse("fine")


def tried_with_a_read(request, pk):
    """The handler answers for the call, not for the row that is missing beside it.

    asks: GET 1 -> 200; GET 2 -> 502; GET 99 -> 404
    decided: convert
    """
    path = "price" if pk != 2 else "broken"
    try:
        book = Book.objects.get(pk=pk)
        response = requests.get(f"{settings.UPSTREAM}/{path}/{book.pk}", timeout=5)
        response.raise_for_status()
    except Book.DoesNotExist:
        return HttpResponse("no book", status=404)
    except requests.RequestException:
        return HttpResponse("no price", status=502)
    return JsonResponse(response.json())


def session_with_retries(request, pk):
    """A session asks again as its adapter says, and sends its headers each time.

    asks: GET 1 -> 200; GET 2 -> 503
    decided: convert overlaps
    """
    session = requests.Session()
    session.headers["x-shelf"] = "yes"
    session.mount("http://", HTTPAdapter(max_retries=Retry(total=2, status_forcelist=[503])))
    kind = "price" if pk == 1 else "busy"
    try:
        response = session.get(f"{settings.UPSTREAM}/{kind}/{pk}", timeout=5)
    except requests.exceptions.RetryError:
        return HttpResponse("too busy", status=503)
    books = Book.objects.count()
    tags = Tag.objects.count()
    return JsonResponse({"status": response.status_code, "counts": [books, tags]})


def redirects_are_followed(request, pk):
    """`get` follows redirects, and tells where it came from; `allow_redirects=False` does not.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    followed = requests.get(f"{settings.UPSTREAM}/moved/{pk}", timeout=5)
    stayed = requests.get(f"{settings.UPSTREAM}/moved/{pk}", timeout=5, allow_redirects=False)
    return JsonResponse(
        {
            "followed": [each.status_code for each in (*followed.history, followed)],
            "stayed": stayed.status_code,
            "is_redirect": stayed.is_redirect,
            "target": stayed.headers["Location"],
        }
    )


def falsy_when_it_failed(request, pk):
    """A response is false where its status is an error.

    asks: GET 1 -> 200; GET 2 -> 502
    decided: convert
    """
    response = requests.get(f"{settings.UPSTREAM}/{'price' if pk == 1 else 'missing'}/1", timeout=5)
    if not response:
        return HttpResponse(f"{response.status_code} {response.reason}", status=502)
    return JsonResponse({"price": response.json()["price"], "reason": response.reason})


def asked_only_when_old(request, pk):
    """The host is asked only where the row says so.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    book = Book.objects.get(pk=pk)
    reviews = book.reviews.count()
    if not reviews:
        return JsonResponse({"price": None})
    price = price_of("price", pk).json()["price"]
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"price": price, "counts": [reviews, tags, authors]})


def told_before_and_after(request, pk):
    """Two posts with a read between them keep their order.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    first = requests.post(f"{settings.UPSTREAM}/echo/begin", data={"book": pk}, timeout=5)
    reviews = Review.objects.filter(book_id=pk).count()
    second = requests.post(f"{settings.UPSTREAM}/echo/end", data={"reviews": reviews}, timeout=5)
    return JsonResponse({"told": [first.text, second.text]})


def by_urllib(request, pk):
    """`urlopen` raises for an error status, with the answer in the exception.

    asks: GET 1 -> 200; GET 2 -> 502
    decided: leave U210
    """
    try:
        with urlopen(f"{settings.UPSTREAM}/{'price' if pk == 1 else 'broken'}/1", timeout=5) as got:
            price = json.load(got)["price"]
    except HTTPError as error:
        return HttpResponse(f"{error.code} {error.read().decode()}", status=502)
    return JsonResponse({"price": price})


def handed_over_as_a_function(request, pk):
    """`requests.get` is passed on and called by somebody else.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: bridge U412 U217
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")

    def asked(method, *paths):
        return [method(f"{settings.UPSTREAM}/{path}", timeout=5).status_code for path in paths]

    statuses = asked(requests.get, f"price/{pk}", f"missing/{pk}")
    books = Book.objects.count()
    tags = Tag.objects.count()
    return JsonResponse({"statuses": statuses, "counts": [books, tags]})
