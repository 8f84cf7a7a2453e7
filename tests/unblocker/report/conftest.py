"""The records of a small shop, as the stages would hand them over, for every test of the report."""

import random
from dataclasses import replace

import pytest

from unblocker.records.changeset import Changeset, FileChange
from unblocker.records.evidence import Difference, Evidence, Exclusion, Note, ViewEvidence
from unblocker.records.measurement import (
    Delays,
    Latency,
    LogFindings,
    Machine,
    Measurement,
    Run,
    Server,
    Span,
    Timeline,
)
from unblocker.records.places import Place
from unblocker.records.plan import (
    Accepted,
    Adoption,
    FunctionPlan,
    Plan,
    Prediction,
    Reason,
    ViewPlan,
)
from unblocker.records.plan import Span as PredictedSpan
from unblocker.records.report import Report, SampleSet, SuiteRun
from unblocker.records.survey import (
    Block,
    Database,
    Function,
    Operation,
    Problem,
    Project,
    Route,
    Step,
    Survey,
    View,
)
from unblocker.records.traffic import Request

VIEWS_BEFORE = """\
import requests
from django.shortcuts import get_object_or_404, render

from .models import Product, Review


def overview(request):
    products = Product.objects.filter(featured=True)[:8]
    orders = request.user.orders.count()
    open_tickets = Ticket.objects.filter(state="<open> & 'new'").count()
    rates = requests.get("https://rates.test/v1?base=EUR&to=USD", timeout=3).json()
    return render(request, "overview.html", {"products": products, "rates": rates})


def product_detail(request, product_id):
    product = get_object_or_404(Product, id=product_id)
    reviews = Review.objects.filter(product=product)[:5]
    related = Product.objects.filter(category=product.category).exclude(id=product_id)[:4]
    return render(request, "product.html", {"product": product, "reviews": reviews})


def article(request, slug):
    return render(request, "article.html", {"article": get_object_or_404(Article, slug=slug)})
"""
VIEWS_AFTER = """\
from django.shortcuts import aget_object_or_404, get_object_or_404, render

from django_unblock import arender, gather, http, load

from .models import Product, Review


async def overview(request):
    products = Product.objects.filter(featured=True)[:8]

    async def read_rates():
        return (await http.get("https://rates.test/v1?base=EUR&to=USD", timeout=3)).json()

    # products, orders, open_tickets and rates do not depend on each other: they run at the same time.
    _, orders, open_tickets, rates = await gather(
        load(products),
        request.user.orders.acount(),
        Ticket.objects.filter(state="<open> & 'new'").acount(),
        read_rates(),
    )
    return await arender(request, "overview.html", {"products": products, "rates": rates})


async def product_detail(request, product_id):
    product = await aget_object_or_404(Product, id=product_id)
    reviews = Review.objects.filter(product=product)[:5]
    related = Product.objects.filter(category=product.category).exclude(id=product_id)[:4]
    # reviews and related do not depend on each other: both load at the same time.
    await load(reviews, related)
    return await arender(request, "product.html", {"product": product, "reviews": reviews})


def article(request, slug):
    return render(request, "article.html", {"article": get_object_or_404(Article, slug=slug)})
"""
FILE = "catalog/views.py"


def place(first, last=None, column=0):
    return Place(FILE, first, column, last or first, 80)


def step(line, *operations, kind="assign", blocks=()):
    return Step(f"{line}:4", place(line), kind, "", operations=operations, blocks=blocks)


def operation(line, kind, label):
    return Operation(f"{line}:8", place(line, column=8), f"django_orm.{label}", kind, label)


@pytest.fixture(scope="session")
def project():
    return Project(
        root="/srv/shop",
        settings="shop.settings",
        settings_files=("shop/settings.py",),
        asgi_file="shop/asgi.py",
        django="6.1.3",
        python="3.13.5",
        databases=(Database("default", "django.db.backends.postgresql"),),
        middleware=("django.contrib.sessions.middleware.SessionMiddleware",),
        installed_apps=("catalog",),
    )


@pytest.fixture(scope="session")
def survey(project):
    overview = Function(
        "catalog.views:overview",
        "overview",
        place(7, 12),
        ("request",),
        (
            step(9, operation(9, "query", "Order.count")),
            step(
                10,
                kind="if",
                blocks=(Block("body", (step(10, operation(10, "query", "Ticket.count")),)),),
            ),
            step(11, operation(11, "http", "GET /v1")),
            step(12, operation(12, "template", "overview.html")),
        ),
    )
    article = Function(
        "catalog.views:article",
        "article",
        place(22, 23),
        ("request", "slug"),
        (step(23, operation(23, "query", "Article.get")),),
        obstacles=(Problem("U401", "it is built by a decorator", place(22)),),
    )
    return Survey(
        project=project,
        views=(
            View(
                "catalog.views.overview",
                "function",
                (Route("overview/", "overview"),),
                place(7, 12),
                "catalog.views:overview",
            ),
            View(
                "catalog.views.product_detail",
                "function",
                (Route("products/<int:product_id>/", "product"),),
                place(15, 19),
            ),
            View(
                "catalog.views.article",
                "function",
                (Route("articles/<slug:slug>/", "article"),),
                place(22, 23),
                "catalog.views:article",
            ),
            View(
                "prices.views.compare", "function", (Route("prices/<sku>/", "compare"),), place(30)
            ),
            View(
                "django.contrib.admin.sites.AdminSite.index", "admin", (Route("admin/", "index"),)
            ),
            View(
                "django.contrib.admin.sites.AdminSite.login",
                "admin",
                (Route("admin/login/", None),),
            ),
        ),
        functions=(overview, article),
        problems=(Problem("U402", "the template old.html is missing", None),),
    )


def predicted(*spans):
    return tuple(PredictedSpan(label, kind, start, end) for label, kind, start, end in spans)


@pytest.fixture(scope="session")
def plan(project):
    in_turn = predicted(
        ("Order.count", "query", 0, 40),
        ("Ticket.count", "query", 40, 80),
        ("GET /v1", "http", 80, 280),
        ("products in overview.html", "query", 280, 320),
    )
    together = predicted(
        ("products in overview.html", "query", 0, 40),
        ("Order.count", "query", 0, 40),
        ("Ticket.count", "query", 0, 40),
        ("GET /v1", "http", 0, 200),
    )
    one_query = predicted(("Article.get", "query", 0, 40))
    compare_before = predicted(
        *[(f"GET /supplier-{n}", "http", 100 * n, 100 * n + 100) for n in range(8)]
    )
    compare_after = predicted(*[(f"GET /supplier-{n}", "http", 0, 100) for n in range(8)])
    admin = Reason("U203", "it is the admin's")
    return Plan(
        project=project,
        views=(
            ViewPlan(
                "catalog.views.overview",
                "convert",
                (Reason("U101", "4 independent operations overlap", place(9)),),
                Prediction(in_turn, together),
                ("catalog.views:overview",),
                (Accepted("U501", "mail no longer holds the response: <b>", place(12)),),
                place(7, 12),
            ),
            ViewPlan(
                "catalog.views.product_detail",
                "convert",
                (Reason("U101", "2 independent operations overlap", place(17)),),
                Prediction(in_turn[:3], together[1:3]),
                ("catalog.views:product_detail",),
                (),
                place(15, 19),
            ),
            ViewPlan(
                "prices.views.compare",
                "convert",
                (Reason("U102", "a loop of independent HTTP calls", place(31)),),
                Prediction(compare_before, compare_after),
                (),
                (),
                place(30),
            ),
            ViewPlan(
                "catalog.views.article",
                "leave",
                (Reason("U201", "one query: nothing to overlap & nothing to gain", place(23)),),
                Prediction(one_query, one_query),
                place=place(22, 23),
            ),
            ViewPlan(
                "django.contrib.admin.sites.AdminSite.index", "leave", (admin,), Prediction((), ())
            ),
            ViewPlan(
                "django.contrib.admin.sites.AdminSite.login", "leave", (admin,), Prediction((), ())
            ),
        ),
        functions=(
            FunctionPlan("catalog.views:overview", FILE, place(7, 12), "overview"),
            FunctionPlan("catalog.views:product_detail", FILE, place(15, 19), "product_detail"),
        ),
        adoption=Adoption(("shop/settings.py",), ("default",), True, "shop/asgi.py"),
    )


@pytest.fixture(scope="session")
def changeset():
    settings = 'INSTALLED_APPS = [\n    "catalog",\n]\n'
    return Changeset(
        root="/srv/shop",
        files=(
            FileChange(FILE, "utf-8", VIEWS_BEFORE, VIEWS_AFTER),
            FileChange(
                "shop/settings.py",
                "utf-8",
                settings,
                settings.replace("]", '    "django_unblock",\n]'),
            ),
            FileChange("shop/asgi.py", "utf-8", None, "application = get_asgi_application()\n"),
        ),
        views=("catalog.views.overview", "catalog.views.product_detail"),
    )


@pytest.fixture(scope="session")
def evidence():
    def same(view, requests, **kept):
        return ViewEvidence(
            view,
            "same",
            requests,
            {"200": requests - 2, "404": 2},
            {"GET": requests},
            {"anonymous": 4, "maria": requests - 4},
            **kept,
        )

    return Evidence(
        views=(
            same(
                "catalog.views.overview",
                24,
                accepted=(Accepted("U501", "mail no longer holds the response: <b>", place(12)),),
                notes=(Note("U709", "queries come in another order", 24),),
            ),
            same("catalog.views.product_detail", 18),
            ViewEvidence(
                "prices.views.compare",
                "not exercised",
                exclusions=(
                    Exclusion("no answer", Request("GET", "/prices/x?a=1&b=<2>"), "it hung"),
                ),
            ),
            same("catalog.views.article", 6),
        ),
        requests=52,
        compared=("status", "headers", "cookies", "body", "mail", "outbound", "tables"),
        tables=31,
        seconds=12.5,
        clock="2026-03-01T12:00:00+00:00",
    )


@pytest.fixture(scope="session")
def differing(evidence):
    first, *others = evidence.views
    difference = Difference(
        "U701",
        "body",
        "the body lost a line",
        Request("GET", "/overview/", "maria"),
        '<p class="a">Tom & Jerry</p>',
        "",
        requests=3,
    )
    return replace(
        evidence, views=(replace(first, verdict="differs", differences=(difference,)), *others)
    )


SERVERS = (
    ("gunicorn-sync", "before", "4 sync workers"),
    ("gunicorn-gthread", "before", "2 processes of 32 threads"),
    ("gunicorn-gevent", "before", "2 processes, everything patched by gevent"),
    ("uvicorn", "after", "2 processes, uvloop"),
)


def run(view, path, server, side, clients, median_ms, rate):
    return Run(
        view=view,
        method="GET",
        path=path,
        server=server,
        side=side,
        clients=clients,
        requests=int(rate * 10),
        seconds=10.0,
        throughput=rate,
        latency=Latency(
            median_ms, median_ms * 1.2, median_ms * 1.9, median_ms * 1.05, median_ms * 3
        ),
        errors=0,
        statuses={"200": int(rate * 10)},
        samples=f"samples/{view}-{server}-{clients}.jsonl",
        client_cpu=0.3,
        settled=True,
    )


@pytest.fixture(scope="session")
def measurement():
    def both(view, path, before, after):
        return (
            run(view, path, "gunicorn-sync", "before", 1, before, 1000 / before),
            run(view, path, "uvicorn", "after", 1, after, 1000 / after),
            run(view, path, "gunicorn-sync", "before", 50, before * 12.5, 4000 / before),
            run(view, path, "uvicorn", "after", 50, after * 1.4, 45000 / after),
        )

    queries = [("SELECT … FROM catalog_product", 0), ("SELECT COUNT(*) FROM tickets", 1)]
    before = Timeline(
        "overview",
        "GET",
        "/overview/",
        "before",
        200,
        334.0,
        (
            *(
                Span("sql", label, 5 + 41 * n, 45 + 41 * n, "catalog_product")
                for label, n in queries
            ),
            Span("http", "GET https://rates.test/v1?base=EUR&to=USD", 90, 291),
            Span("mail", "to <maria@example.com>", 292, 330),
        ),
    )
    after = Timeline(
        "overview",
        "GET",
        "/overview/",
        "after",
        200,
        214.0,
        (
            *(Span("sql", label, 6 + n, 47 + n, "catalog_product") for label, n in queries),
            Span("http", "GET https://rates.test/v1?base=EUR&to=USD", 7, 208),
            Span("mail", "to <maria@example.com>", 215, 254),
        ),
    )
    return Measurement(
        machine=Machine(2, "Linux-6.1 x86_64", "3.13.5", "6.1.3"),
        delays=Delays(20.0, 80.0, 30.0),
        headline="/overview/",
        servers=tuple(
            Server(name, side, (name.split("-")[0], "--bind", "127.0.0.1:{port}"), note, 1.2)
            for name, side, note in SERVERS
        ),
        runs=(
            *both("overview", "/overview/", 334.0, 118.0),
            run("overview", "/overview/", "gunicorn-gthread", "before", 50, 520.0, 90.0),
            run("overview", "/overview/", "gunicorn-gevent", "before", 50, 410.0, 118.0),
            *both("product_detail", "/products/7/", 190.0, 110.0),
            *both("catalog.views.article", "/articles/new/", 62.0, 60.0),
            *both("compare", "/prices/7/", 1240.0, 171.0),
        ),
        timelines=(before, after),
        logs=(
            LogFindings("uvicorn", "after", 0, 0, (), "logs/uvicorn.log"),
            LogFindings("gunicorn-sync", "before", 0, 1, ("ValueError: <x>",), "logs/gunicorn.log"),
        ),
    )


@pytest.fixture(scope="session")
def report(survey, plan, changeset, evidence, measurement):
    seeded = random.Random(7)
    medians = {entry.samples: entry.latency.p50 for entry in measurement.runs}
    return Report(
        title="<shop> & more",
        made_at="1 March 2026, 12:00 UTC",
        survey=survey,
        plan=plan,
        changeset=changeset,
        evidence=evidence,
        measurement=measurement,
        suites=(SuiteRun("before", 48, 0, 9.1), SuiteRun("after", 48, 0, 9.4)),
        samples=tuple(
            SampleSet(name, tuple(seeded.gammavariate(30, median_ms / 30) for _ in range(400)))
            for name, median_ms in medians.items()
        ),
    )
