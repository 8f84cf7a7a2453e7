"""A rendering in the bridge makes the queries that it makes elsewhere, what is bound to be read first."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from bookshop import ENGINE, HEAD, OPTIONS, Outcome, context, log_at_beginning, outcome
from django.db import ProgrammingError, connection, models, transaction
from django.db.models import QuerySet
from django.template import Context, Engine
from django.test.utils import isolate_apps
from pools import sleeping_queries, until
from testapp.models import Author, Book, Tag

from django_unblock import aatomic, bridge, offload
from django_unblock.templates import loading

type Compare = Callable[..., Outcome]


TOGETHER = {
    "two querysets": ("{% for b in books %}{{ b }}{% endfor %}{{ authors|length }}", 2),
    "a queryset and a relation": ("{{ book.author.name }}{% for t in tags %}{% endfor %}", 2),
    "both sides of one-to-one": ("{{ author.biography.text }}{{ book.author.name }}", 2),
    "a missing one-to-one": ("{{ lonely.biography.text }}{{ book.author.name }}", 2),
    "of a lazy object that is known": ("{{ known.biography.text }}{{ book.author }}", 2),
    "values": ("{% for t in titles %}{{ t }}{% endfor %}{{ tags|length }}", 2),
    "a page": ("{% for b in page %}{{ b }}{% endfor %}{{ page.number }}{{ tags|length }}", 2),
    "a page and its rows": ("{{ page_rows|length }}{{ page|length }}{{ tags|length }}", 2),
    "raw": ("{% for a in raw %}{{ a }}{% endfor %}{{ tags|length }}", 2),
    "sliced": ("{% if first_book %}{% endif %}{{ tags|length }}", 2),
    "the tables of another": ("{{ nested|length }}{{ authors|length }}", 2),
    "joined": ("{% for b in joined %}{{ b.author }}{% endfor %}{{ tags|length }}", 2),
    "prefetches": ("{{ deep|length }}{{ tags|length }}", 4),
    "a related manager's": ("{{ reviews|length }}{{ tags|length }}", 2),
    "a new name": ("{% with u=book.author %}{{ u.name }}{% endwith %}{{ tags|length }}", 2),
    "a queryset under two names": ("{{ books|length }}{{ same|length }}{{ tags|length }}", 2),
    "an object under two names": ("{{ book.author }}{{ twin.author }}{{ second.author }}", 2),
    "a relation behind a relation": (
        "{{ review.book.author.biography.text }}{{ joined_review.book.author }}",
        4,
    ),
    "relations behind relations": (
        "{{ loan.reader.biography }}{{ loan.reader.name }}{{ book.author.biography }}",
        4,
    ),
    "in a parent template": ("{% extends 'middle.html' %}{% block three %}{% endblock %}", 4),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_read_together(case: str, compare: Compare) -> None:
    source, queries = TOGETHER[case]
    assert compare(source).ahead == queries


LEFT_ALONE = {
    "one queryset": "{{ books|length }}",
    "one relation": "{{ book.author }}",
    "one object's twin": "{{ book.author }}{{ twin.author }}",
    "used otherwise under another name": "{{ same.count }}{{ books|length }}{{ tags|length }}",
    "a page used otherwise before": "{{ page.object_list.count }}{{ page|length }}{{ tags|length }}",
    "a page's rows used otherwise before": "{{ page_rows.count }}{{ page|length }}{{ tags|length }}",
    "a related manager": "{% for r in book.reviews.all %}{% endfor %}{{ tags|length }}",
    "a call": "{% for b in maker %}{{ b }}{% endfor %}{{ tags|length }}",
    "a lazy object that is not known": "{{ lazy.biography.text }}{{ tags|length }}",
    "an object with deferred fields": "{{ deferred.biography.text }}{{ tags|length }}",
    "a row that may be missing": "{{ lost.book.title }}{{ tags|length }}",
    "no row at all": "{{ lost.reader.name }}{{ tags|length }}",
    "read already": "{{ joined_review.book.title }}{{ tags|length }}",
    "in a dictionary": "{{ parts.book.author }}{% if parts.books %}{% endif %}{{ tags|length }}",
    "prefetching for an object of the context": "{{ entangled|length }}{{ tags|length }}",
    "beside one that prefetches": "{{ book.author }}{{ tags|length }}{{ entangled|length }}",
    "lists": "{% for w in words %}{{ w }}{% endfor %}{{ tags|length }}",
}


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_left_alone(case: str, compare: Compare) -> None:
    assert compare(LEFT_ALONE[case]).ahead == 0


class Peculiar(QuerySet[Author]):
    """Looks at its first row only."""

    def __len__(self) -> int:
        return 1 if self.exists() else 0


class Called(QuerySet[Author]):
    def __call__(self) -> list[str]:
        return ["called"]


def read_already() -> QuerySet[Author]:
    authors = Author.objects.all()
    assert len(authors) == 2
    return authors


PECULIAR = {
    "none of these": (Author.objects.all, 2),
    "a length of its own": (lambda: Peculiar(Author), 0),
    "called": (lambda: Called(Author), 0),
    "read already": (read_already, 0),
    "no rows": (Author.objects.none, 1),
}


@pytest.mark.parametrize("case", PECULIAR)
def test_peculiar_querysets(case: str, compare: Compare) -> None:
    make, queries = PECULIAR[case]
    source = "{{ it|length }}{{ tags|length }}"
    assert compare(source, lambda: {"it": make(), "tags": Tag.objects.all()}).ahead == queries


@pytest.mark.skipif(not hasattr(models, "FETCH_PEERS"), reason="Django 6.1 has fetch modes")
def test_objects_that_are_fetched_with_their_peers(compare: Compare) -> None:
    def pair() -> dict[str, Any]:
        a, b, _ = Book.objects.fetch_mode(models.FETCH_PEERS).order_by("pk")
        return {"a": a, "b": b}

    found = compare("{{ a.author }}{{ b.author }}", pair)
    assert (found.answer, found.ahead, len(found.queries)) == ("AB", 0, 1)


class TestWhereNothingCouldOverlap:
    SOURCE = HEAD + TOGETHER["two querysets"][0]

    def ahead(self) -> int:
        template, values = ENGINE.from_string(self.SOURCE), Context(context())
        before = len(connection.queries_log)
        template.render(values)
        return log_at_beginning.pop() - before

    async def test_in_a_transaction(self) -> None:
        async with aatomic():
            assert await bridge.run(self.ahead) == 0

    def test_in_a_transaction_of_the_code_beneath(self) -> None:
        with transaction.atomic():
            assert asyncio.run(bridge.run(self.ahead)) == 0

    async def test_in_a_worker_thread(self) -> None:
        assert await offload(self.ahead)() == 0


class TestErrors:
    """A read that fails does so again where rendering makes it."""

    @staticmethod
    def values() -> dict[str, Any]:
        return {"bad": Author.objects.extra(where=["nonsense"]), "tags": Tag.objects.all()}

    def test_it_is_raised_by_rendering(self, runner: asyncio.Runner) -> None:
        template = ENGINE.from_string("{{ tags|length }}{% for x in bad %}{% endfor %}")
        with pytest.raises(ProgrammingError, match="nonsense") as caught:
            runner.run(bridge.run(template.render, Context(self.values())))
        assert "render_annotated" in [entry.name for entry in caught.traceback]

    def test_it_makes_a_condition_false(self, runner: asyncio.Runner) -> None:
        source = "{% if not bad %}x{% else %}y{% endif %}{{ tags|length }}"
        for found in (
            outcome(source, self.values),
            runner.run(bridge.run(outcome, source, self.values)),
        ):
            assert found.answer == "y1"

    def test_a_locking_queryset_outside_a_transaction(self, compare: Compare) -> None:
        found = compare(
            "{{ tags|length }}{{ locked|length }}",
            lambda: {"locked": Book.objects.select_for_update(), "tags": Tag.objects.all()},
        )
        assert found.answer is transaction.TransactionManagementError

    async def test_cancelled_while_reading(self) -> None:
        def page() -> str:
            slow = Author.objects.extra(where=["pg_sleep(30) IS NULL"])
            values = Context({"slow": slow, "tags": Tag.objects.all()})
            return ENGINE.from_string("{{ slow|length }}{{ tags|length }}").render(values)

        task = asyncio.create_task(bridge.run(page))
        await until(sleeping_queries)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: sleeping_queries() == 0)


@pytest.mark.parametrize("text", ["", "none", "no %s"])
def test_what_is_missing_is_shown_as_it_was(text: str, runner: asyncio.Runner) -> None:
    engine = Engine(**OPTIONS, string_if_invalid=text)
    template = engine.from_string(
        "{{ lonely.biography.text }}{{ book.author.none }}{{ missing.x }}"
    )
    stock = template.render(Context(context()))
    assert runner.run(bridge.run(lambda: template.render(Context(context())))) == stock


class TestRelationsThatAreSure:
    """Only the plain relations of Django's, found where a template is sure to find them."""

    @staticmethod
    def is_sure(bases: tuple[type, ...] = (models.Model,), **attributes: Any) -> bool:
        with isolate_apps("testapp"):
            named = {"__module__": "testapp.models", **attributes}
            return loading._relation(type("Made", bases, named), "author") is not None

    @staticmethod
    def author(**options: Any) -> models.ForeignKey[Any, Any]:
        return models.ForeignKey("self", models.CASCADE, related_name="+", **options)

    def test_a_foreign_key(self) -> None:
        assert self.is_sure(author=self.author())

    def test_of_an_abstract_model(self) -> None:
        with isolate_apps("testapp"):
            abstract = type("Meta", (), {"abstract": True})
            named = {"__module__": "testapp.models", "author": self.author(), "Meta": abstract}
            base = type("Base", (models.Model,), named)
        assert self.is_sure((base,))

    def test_through_a_proxy(self) -> None:
        proxy = type("Meta", (), {"proxy": True, "app_label": "testapp"})
        assert self.is_sure((Book,), Meta=proxy)

    def test_not_of_a_parent_table(self) -> None:
        assert not self.is_sure((Book,))

    def test_not_without_a_constraint(self) -> None:
        assert not self.is_sure(author=self.author(db_constraint=False))

    def test_not_a_property(self) -> None:
        assert not self.is_sure(author=property(lambda self: Author.objects.first()))

    def test_not_a_plain_field(self) -> None:
        assert not self.is_sure(author=models.TextField())

    def test_not_where_items_come_before_attributes(self) -> None:
        assert not self.is_sure(author=self.author(), __getitem__=lambda self, name: name)

    def test_not_where_attributes_are_looked_up_in_another_way(self) -> None:
        def look_up(self: object, name: str) -> object:
            return super(models.Model, self).__getattribute__(name)

        assert not self.is_sure(author=self.author(), __getattribute__=look_up)

    def test_not_with_a_descriptor_of_the_project_s(self) -> None:
        class Own(models.fields.related_descriptors.ForwardManyToOneDescriptor):
            pass

        class Key(models.ForeignKey):  # type: ignore[type-arg]
            forward_related_accessor_class = Own

        assert not self.is_sure(author=Key("self", models.CASCADE, related_name="+"))
