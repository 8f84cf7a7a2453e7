"""The admin, REST framework, generic views, forms, formsets and signals, unchanged: the same answers on the loop.

Each conversation is held three times: with Django's own test client, and with the ASGI application
running synchronous views in threads and on the loop. No query may block the loop.
"""

import asyncio
import re
from types import ModuleType
from urllib.parse import urlencode

import pytest
from asgi_client import Client as ASGIClient
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models.signals import m2m_changed, post_save
from django.forms import inlineformset_factory
from django.shortcuts import redirect, render
from django.test import Client, override_settings
from django.urls import include, path
from django.views.generic import CreateView, DetailView, ListView
from rest_framework import permissions, routers, serializers, viewsets
from testapp.models import Author, Book, Review, Tag

from django_unblock import bridge
from django_unblock.asgi import Handler

pytestmark = pytest.mark.usefixtures("clean_tables")

TOKEN = "a" * 32


class ReviewInline(admin.TabularInline):
    model = Review
    extra = 1


class BookAdmin(admin.ModelAdmin):
    list_display = ("title", "author", "review_count")
    list_filter = ("author",)
    search_fields = ("title",)
    inlines = (ReviewInline,)

    def review_count(self, book):
        return book.reviews.count()


site = admin.AdminSite()
site.register(Author)
site.register(Book, BookAdmin)


class AuthorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Author
        fields = ("id", "name")


class BookSerializer(serializers.ModelSerializer):
    author = AuthorSerializer(read_only=True)
    author_id = serializers.PrimaryKeyRelatedField(
        source="author", queryset=Author.objects.all(), write_only=True
    )
    tags = serializers.SlugRelatedField(slug_field="name", many=True, queryset=Tag.objects.all())

    class Meta:
        model = Book
        fields = ("id", "title", "author", "author_id", "tags")


class BookViewSet(viewsets.ModelViewSet):
    queryset = Book.objects.order_by("pk")
    serializer_class = BookSerializer
    permission_classes = (permissions.IsAuthenticatedOrReadOnly,)


class BookList(ListView):
    queryset = Book.objects.order_by("pk")
    paginate_by = 1
    template_name = "books.html"


class BookDetail(DetailView):
    model = Book
    template_name = "book.html"


class AuthorCreate(CreateView):
    model = Author
    fields = ("name",)
    template_name = "form.html"
    success_url = "/books/"


def reviews(request, pk):
    book = Book.objects.get(pk=pk)
    reviews_of = inlineformset_factory(Book, Review, fields=("text", "rating"), extra=1)
    formset = reviews_of(request.POST or None, instance=book)
    if request.method == "POST" and formset.is_valid():
        formset.save()
        return redirect("/books/")
    return render(request, "form.html", {"form": formset})


router = routers.DefaultRouter()
router.register("books", BookViewSet)
urls = ModuleType("whole_stack_urls")
urls.urlpatterns = [  # type: ignore[attr-defined]
    path("admin/", site.urls),
    path("api/", include(router.urls)),
    path("books/", BookList.as_view()),
    path("books/<int:pk>/", BookDetail.as_view()),
    path("books/<int:pk>/reviews/", reviews),
    path("authors/new/", AuthorCreate.as_view()),
]
TEMPLATES = {
    "books.html": "{% for book in page_obj %}{{ book }} by {{ book.author }}{% endfor %}"
    "{{ page_obj.number }}/{{ paginator.num_pages }}",
    "book.html": "{{ book }}: {% for review in book.reviews.all %}{{ review.text }},{% empty %}none{% endfor %}",
    "form.html": "{{ form.management_form }}{{ form.errors }}{{ form }}",
}
SETTINGS = {
    "ROOT_URLCONF": urls,
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", TEMPLATES),
                    "django.template.loaders.app_directories.Loader",
                ],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
            },
        }
    ],
}
BOOK_FORM = {
    "title": "Notes",
    "author": "1",
    "tags": "1",
    "price": "3",
    "reviews-TOTAL_FORMS": "1",
    "reviews-INITIAL_FORMS": "0",
    "reviews-0-text": "good",
    "reviews-0-rating": "4",
}
FORMSET = {
    "reviews-TOTAL_FORMS": "1",
    "reviews-INITIAL_FORMS": "0",
    "reviews-0-text": "fine",
    "reviews-0-rating": "high",
}
LOGIN = ("POST", "/admin/login/", {"username": "ada", "password": "secret", "next": "/admin/"})

CONVERSATIONS = {
    "admin": [
        ("GET", "/admin/", None),
        ("POST", "/admin/login/", {"username": "ada", "password": "wrong"}),
        LOGIN,
        ("GET", "/admin/", None),
        ("POST", "/admin/testapp/book/add/", {**BOOK_FORM, "title": ""}),
        ("POST", "/admin/testapp/book/add/", BOOK_FORM),
        ("GET", "/admin/testapp/book/?q=not&author__id__exact=1", None),
        ("GET", "/admin/testapp/book/1/change/", None),
        ("GET", "/admin/testapp/book/1/history/", None),
        ("POST", "/admin/testapp/author/1/delete/", {"post": "yes"}),
        ("GET", "/admin/testapp/book/", None),
        ("POST", "/admin/logout/", {}),
        ("GET", "/admin/testapp/book/", None),
    ],
    "REST framework": [
        ("GET", "/api/books/", None),
        ("POST", "/api/books/", {"title": "Notes", "author_id": "1", "tags": "new"}),
        LOGIN,
        ("POST", "/api/books/", {"title": "", "author_id": "9", "tags": "old"}),
        ("POST", "/api/books/", {"title": "Notes", "author_id": "1", "tags": "new"}),
        ("GET", "/api/books/", None),
        ("GET", "/api/books/1/?format=json", None),
        ("GET", "/api/books/7/?format=json", None),
        ("DELETE", "/api/books/1/", None),
        ("GET", "/api/books/", None),
    ],
    "generic views and forms": [
        ("GET", "/books/", None),
        ("GET", "/authors/new/", None),
        ("POST", "/authors/new/", {"name": ""}),
        ("POST", "/authors/new/", {"name": "Grace"}),
        LOGIN,
        ("POST", "/admin/testapp/book/add/", BOOK_FORM),
        ("POST", "/admin/testapp/book/add/", {**BOOK_FORM, "author": "2"}),
        ("GET", "/books/?page=2", None),
        ("GET", "/books/?page=3", None),
        ("GET", "/books/2/", None),
        ("GET", "/books/9/", None),
        ("POST", "/books/2/reviews/", FORMSET),
        ("POST", "/books/2/reviews/", {**FORMSET, "reviews-0-rating": "2"}),
        ("GET", "/books/2/reviews/", None),
        ("GET", "/books/2/", None),
    ],
}


@pytest.fixture(autouse=True)
def world():
    renew()
    with override_settings(**SETTINGS):
        yield


@pytest.fixture(autouse=True)
def receivers():
    """Receivers that query: a tag's name follows the books that get it."""

    def count(sender, instance, **kwargs):
        Tag.objects.update_or_create(name=f"books {Book.objects.count()}")

    def tagged(sender, instance, action, **kwargs):
        if action == "post_add":
            instance.title = f"{Book.objects.get(pk=instance.pk).title}, tagged"
            Book.objects.filter(pk=instance.pk).update(title=instance.title)

    post_save.connect(count, sender=Book)
    m2m_changed.connect(tagged, sender=Book.tags.through)
    yield
    post_save.disconnect(count, sender=Book)
    m2m_changed.disconnect(tagged, sender=Book.tags.through)


def stock(conversation):
    client = Client(raise_request_exception=False)
    answers = []
    for method, url, data in conversation:
        response = client.generic(
            method, url, urlencode(data or {}), "application/x-www-form-urlencoded"
        )
        answers.append((response.status_code, response.get("Location"), shown(response.content)))
    return answers


def ours(conversation):
    async def hold():
        client = ASGIClient(Handler())
        client.cookies["csrftoken"] = TOKEN
        return [await ask(client, *request) for request in conversation]

    return asyncio.run(hold())


async def ask(client, method, url, data):
    answer = await client.request(method, url, None if data is None else urlencode(data).encode())
    headers = dict(answer.headers)
    location = headers.get(b"Location")
    return answer.status, location and location.decode(), shown(answer.body)


def shown(body):
    text = re.sub(r'value="\w{64}"|csrfToken: "\w+"', "TOKEN", body.decode())
    return re.sub(r"\d\d?:\d\d( [ap]\.m\.)?|Nov\. \d+", "TIME", text)


@pytest.fixture(params=["thread", "loop"])
def placement(request):
    with override_settings(UNBLOCK={"SYNC_VIEWS": request.param}):
        yield request.param


@pytest.fixture
def queries(monkeypatch):
    """Whether each query that ran on the loop's thread let other tasks run."""
    from django.db.backends.utils import CursorWrapper

    bridged = []
    execute = CursorWrapper._execute

    def noting(self, *args):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            pass  # in a worker thread
        else:
            bridged.append(bridge.inside())
        return execute(self, *args)

    monkeypatch.setattr(CursorWrapper, "_execute", noting)
    return bridged


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_the_same_conversation(name, placement, queries, clean_tables):
    answers = ours(CONVERSATIONS[name])
    assert queries
    assert all(queries)
    if placement == "loop":
        assert len(queries) > 40
    renew()
    assert answers == stock(CONVERSATIONS[name])
    assert {status for status, *_ in answers} > {200}


def renew():
    """Start over: empty tables, the same three rows."""
    from django.apps import apps
    from django.db import connection

    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    kept = ("django_content_type", "auth_permission", "auth_group")
    names = ", ".join(connection.ops.quote_name(name) for name in tables if name not in kept)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    User.objects.create_superuser("ada", password="secret")
    Author.objects.create(name="Ada")
    Tag.objects.create(name="new")
