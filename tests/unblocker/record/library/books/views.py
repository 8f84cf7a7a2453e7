import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import render
from django.views import View

from .counting import books_called
from .models import Book, Loan


def counts(request):
    books = Book.objects.count()
    loans = Loan.objects.count()
    return JsonResponse({"books": books, "loans": loans, "secret": books_called("secret")})


def page(request):
    return render(request, "books/page.html", {"books": Book.objects.all()})


class Shelf(View):
    def get(self, request, pk):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT title FROM books_book WHERE id = {pk} OR title = 'secret'")
            return JsonResponse({"titles": cursor.fetchall()})


async def waiting(request):
    return JsonResponse({"books": await Book.objects.acount()})


def pooled(request):
    found = []
    with ThreadPoolExecutor() as pool:
        found.append(pool.submit(count_and_close).result())
    thread = threading.Thread(target=lambda: found.append(count_and_close()))
    thread.start()
    thread.join()
    return JsonResponse({"found": found})


def count_and_close():
    try:
        return Book.objects.count()
    finally:
        connection.close()


def threaded(request):
    with ThreadPoolExecutor() as pool:
        pool.submit(cached).result()
    thread = threading.Thread(target=cached)
    thread.start()
    thread.join()
    return JsonResponse({})


def cached():
    return cache.get("secret")


def archived(request):
    return JsonResponse({"books": Book.objects.using("archive").count()})


def outward(request):
    cache.set("secret", 1)
    send_mail("secret", "secret", None, ["secret@example.com"])
    with urllib.request.urlopen(f"{settings.UPSTREAM}secret?secret=1") as answer:
        return JsonResponse({"answer": answer.status})


def add(request):
    book = Book.objects.create(title=request.POST["title"])
    return JsonResponse({"book": book.pk})


def broken(request):
    Book.objects.count()
    raise RuntimeError("broken")


def stuck(request):
    Book.objects.count()
    time.sleep(60)


@login_required
def guarded(request):
    return JsonResponse({"user": request.user.pk})
