"""What a template is bound to evaluate, and, mostly, what it may skip and is left alone."""

import pytest
from django.template import Context, Engine, Library, Node, library
from django.template import defaulttags as tags

from django_unblock.templates import reading

register = Library()


@register.tag
def mystery(parser: object, token: object) -> Node:
    return Mystery()


class Mystery(Node):
    """A tag that changes the context as it likes."""

    def render(self, context: Context) -> str:
        context["books"] = []
        return ""


class Loud(library.SimpleNode):
    """A project's own version of a simple tag."""

    def render(self, context: Context) -> str:
        context["books"] = []
        return ""


@register.tag
def loud(parser: object, token: object) -> Node:
    return Loud(plain, False, [], {}, None)


class QuietLoop(tags.ForNode):
    """A project's own version of a tag of Django's."""

    def render(self, context: Context) -> str:
        return ""


@register.tag("quiet_for")
def quiet_for(parser: object, token: object) -> Node:
    loop = tags.do_for(parser, token)
    return QuietLoop(loop.loopvars, loop.sequence, loop.is_reversed, loop.nodelist_loop)


@register.simple_tag
def plain(value: object = None) -> str:
    return ""


@register.simple_tag(takes_context=True)
def nosy(context: Context) -> str:
    context["books"] = []
    return ""


@register.filter
def few(rows: object) -> object:
    return rows[:3]


@register.inclusion_tag("list.html")
def shelf(rows: object) -> dict[str, object]:
    return {"items": rows}


OTHERS = {
    "base.html": "{% for t in tags %}{% endfor %}{% block body %}{% for b in old %}{% endfor %}"
    "{% endblock %}{% for a in authors %}{% endfor %}",
    "middle.html": "{% extends 'base.html' %}{% block body %}{% block inner %}{% endblock %}"
    "{% endblock %}",
    "list.html": "{% for b in items %}{% endfor %}",
    "loop.html": "{% include 'loop.html' %}{% for b in books %}{% endfor %}",
    "tricky.html": "{% load project %}{% mystery %}{% for b in books %}{% endfor %}",
    "self.html": "{% extends 'self.html' %}",
    "broken.html": "{% if %}",
    "calling.html": "{% extends 'base.html' %}{% block body %}{{ block.super }}"
    "{% for b in books %}{% endfor %}{% endblock %}",
    "counting.html": "{{ items.count }}",
    "super.html": "{{ block.super }}",
}

BOUND = {
    "for": ("{% for b in books %}{{ b.title }}{% endfor %}", ["books"]),
    "for reversed": ("{% for b in books reversed %}{% endfor %}", ["books"]),
    "for twice": ("{% for b in books %}{% endfor %}{% for b in books %}{% endfor %}", ["books"]),
    "in order": (
        "{% for b in books %}{% endfor %}{% for a in authors %}{% endfor %}",
        ["books", "authors"],
    ),
    "if": ("{% if books %}x{% endif %}", ["books"]),
    "back after with": (
        "{% with books=x.y %}{% endwith %}{% for b in books %}{% endfor %}",
        ["books"],
    ),
    "if not": ("{% if not books %}x{% endif %}", ["books"]),
    "if and": ("{% if books and authors %}x{% endif %}", ["books"]),
    "if or": ("{% if books or authors %}x{% endif %}", ["books"]),
    "if length": ("{% if books|length > 3 %}x{% endif %}", ["books"]),
    "if in": ("{% if book in books %}x{% endif %}", ["books"]),
    "length": ("{{ books|length }}", ["books"]),
    "regroup": ("{% regroup books by author as grouped %}", ["books"]),
    "with": ("{% with x=books %}{% for b in x %}{% endfor %}{% endwith %}", ["books"]),
    "parts always rendered": (
        """{% load l10n tz %}{% autoescape off %}{% spaceless %}{% filter upper %}{% localize on %}
        {% localtime on %}{% for b in books %}{% endfor %}{% endlocaltime %}{% endlocalize %}
        {% endfilter %}{% endspaceless %}{% endautoescape %}""",
        ["books"],
    ),
    "after a plain tag": (
        "{% load project %}{% plain %}{% plain as x %}{% for b in books %}{% endfor %}",
        ["books"],
    ),
    "after a tag of the project's that renders a template": (
        "{% load project %}{% shelf authors %}{% for b in books %}{% endfor %}",
        ["books"],
    ),
    "after django's tags": (
        """{% load i18n static cache %}{% csrf_token %}{% now 'Y' %}{% static 'x.css' %}{% lorem %}
        {% translate 'x' %}{% blocktranslate %}x{% endblocktranslate %}{% cycle 'a' 'b' %}
        {% firstof x y %}{% ifchanged x %}{% endifchanged %}{% widthratio 1 2 3 %}
        {% templatetag openblock %}{% get_current_language as l %}{% cache 9 y %}{% endcache %}
        {% verbatim %}x{% endverbatim %}{% comment %}x{% endcomment %}
        {% for b in books %}{% endfor %}""",
        ["books"],
    ),
    "after another use of another name": (
        "{{ authors.count }}{% for b in books %}{% endfor %}",
        ["books"],
    ),
    "used in another way afterwards": (
        "{% load project %}{% for b in books %}{% endfor %}{{ books.count }}{{ books|few }}",
        ["books"],
    ),
    "in a branch before": (
        (
            "{% if x %}{% for b in books %}{% endfor %}{{ books|length }}{% endif %}"
            "{% for b in books %}{% endfor %}"
        ),
        ["x", "books"],
    ),
    "include": ("{% include 'list.html' with items=books %}", ["books"]),
    "include only": ("{% include 'list.html' with items=books only %}", ["books"]),
    "after an include": (
        "{% include 'list.html' with items=books %}{% for a in authors %}{% endfor %}",
        ["books", "authors"],
    ),
    "extends": (
        "{% extends 'base.html' %}{% block body %}{% for b in books %}{% endfor %}{% endblock %}",
        ["tags", "books", "authors"],
    ),
    "extends twice": (
        "{% extends 'middle.html' %}{% block inner %}{% for b in books %}{% endfor %}{% endblock %}",
        ["tags", "books", "authors"],
    ),
    "block not replaced": ("{% extends 'base.html' %}", ["tags", "old", "authors"]),
    "the parent's block": (
        (
            "{% extends 'base.html' %}{% block body %}{{ block.super }}{% for b in books %}{% endfor %}"
            "{% endblock %}"
        ),
        ["tags", "old", "books", "authors"],
    ),
    "the parent's parent's block": (
        "{% extends 'calling.html' %}{% block body %}{{ block.super }}{% endblock %}",
        ["tags", "old", "books", "authors"],
    ),
    "outside a block of a child": (
        "{% extends 'list.html' %}{% for b in books %}{% endfor %}",
        ["items"],
    ),
}

LEFT_ALONE = {
    "branch": ("{% if x %}{% for b in books %}{% endfor %}{% endif %}", ["x"]),
    "elif": ("{% if x.y %}{% elif books %}{% endif %}", []),
    "if compares": ("{% if books == authors %}x{% endif %}", []),
    "loop's body": (
        "{% for a in authors %}{% for b in books %}{% endfor %}{% endfor %}",
        ["authors"],
    ),
    "empty": (
        "{% for a in authors %}{% empty %}{% if books %}{% endif %}{% endfor %}",
        ["authors"],
    ),
    "cache": ("{% load cache %}{% cache 9 x %}{% for b in books %}{% endfor %}{% endcache %}", []),
    "slice": ("{% for b in books|slice:':3' %}{% endfor %}", []),
    "slice before": ("{{ books|slice:':3' }}{% for b in books %}{% endfor %}", []),
    "a filter of the project's": (
        "{% load project %}{% for b in books|few %}{% endfor %}{% for b in books %}{% endfor %}",
        [],
    ),
    "argument of a filter": ("{{ x|default:books }}{% for b in books %}{% endfor %}", []),
    "counted before": ("{{ books.count }}{% for b in books %}{% endfor %}", []),
    "perhaps counted before": (
        "{% if x.y %}{{ books.count }}{% endif %}{% for b in books %}{% endfor %}",
        [],
    ),
    "counted in a loop before": (
        "{% for a in x.y %}{{ books.count }}{% endfor %}{% for b in books %}{% endfor %}",
        [],
    ),
    "counted in an include before": (
        "{% include 'counting.html' with items=books %}{% for b in books %}{% endfor %}",
        [],
    ),
    "counted in a cached part before": (
        (
            "{% load cache %}{% cache 9 x %}{{ books.count }}{% endcache %}"
            "{% for b in books %}{% endfor %}"
        ),
        [],
    ),
    "handed to a tag before": (
        "{% load project %}{% plain books %}{% for b in books %}{% endfor %}",
        [],
    ),
    "handed to a block of django's before": (
        (
            "{% load i18n %}{% blocktranslate %}{{ books }}{% endblocktranslate %}"
            "{% blocktranslate with y=authors %}{{ y }}{% endblocktranslate %}"
            "{% for b in books %}{% endfor %}{% for a in authors %}{% endfor %}"
        ),
        [],
    ),
    "a condition before fails": ("{% if x.y in books %}{% endif %}", []),
    "a filtered condition before fails": ("{% if x|add:y == books|length %}{% endif %}", []),
    "another language": (
        "{% load i18n %}{% language 'nl' %}{% for b in books %}{% endfor %}{% endlanguage %}",
        [],
    ),
    "another time zone": (
        "{% load tz %}{% timezone 'UTC' %}{% for b in books %}{% endfor %}{% endtimezone %}",
        [],
    ),
    "other filter": ("{% for b in books|dictsort:'title' %}{% endfor %}", []),
    "method": ("{% for b in books.all %}{% endfor %}{{ books.count }}{{ books.first }}", []),
    "printed": ("{{ books }}", []),
    "loop variable": (
        "{% for b in books.all %}{% for r in b.tags.all %}{% endfor %}{% endfor %}",
        [],
    ),
    "shadowed by with": (
        "{% with books=authors %}{% for b in books %}{% endfor %}{% endwith %}",
        ["authors"],
    ),
    "new in with": ("{% with books=x.y %}{% for b in books %}{% endfor %}{% endwith %}", []),
    "shadowed by a tag": (
        "{% load project %}{% plain as books %}{% for b in books %}{% endfor %}",
        [],
    ),
    "shadowed by url": ("{% url 'x' as books %}{% for b in books %}{% endfor %}", []),
    "shadowed by regroup": (
        "{% regroup authors by name as books %}{% for b in books %}{% endfor %}",
        ["authors"],
    ),
    "shadowed in a branch": (
        (
            "{% load project %}{% if x.y %}{% plain as books %}{% endif %}"
            "{% for b in books %}{% endfor %}"
        ),
        [],
    ),
    "shadowed from inside a loop": (
        "{% for a in x.y %}{% cycle 'a' 'b' as books %}{% endfor %}{% for b in books %}{% endfor %}",
        [],
    ),
    "unknown tag in a branch": (
        "{% load project %}{% if x.y %}{% mystery %}{% endif %}{% for b in books %}{% endfor %}",
        [],
    ),
    "unknown kind of simple tag": (
        "{% load project %}{% loud %}{% for b in books %}{% endfor %}",
        [],
    ),
    "unknown kind of loop": (
        "{% load project %}{% quiet_for b in books %}{% endfor %}{% for a in authors %}{% endfor %}",
        [],
    ),
    "after an unknown tag": (
        """{% load project %}{% for a in authors %}{% endfor %}{% mystery %}
        {% for b in books %}{% endfor %}""",
        ["authors"],
    ),
    "after a tag that takes the context": (
        "{% load project %}{% nosy %}{% for b in books %}{% endfor %}",
        [],
    ),
    "unknown tag in an include": (
        "{% include 'tricky.html' %}{% for a in authors %}{% endfor %}",
        [],
    ),
    "not handed to an include": (
        "{% include 'list.html' with books=items only %}",
        [],
    ),
    "include of itself": ("{% include 'loop.html' %}{% for a in authors %}{% endfor %}", []),
    "include by variable": ("{% include name %}{% for a in authors %}{% endfor %}", []),
    "include by filter": ("{% include 'list'|add:'.html' %}{% for a in authors %}{% endfor %}", []),
    "include that is missing": ("{% include 'none.html' %}{% for a in authors %}{% endfor %}", []),
    "include that is no template": (
        "{% include 'broken.html' %}{% for a in authors %}{% endfor %}",
        [],
    ),
    "the parent's block in an include": (
        "{% extends 'base.html' %}{% block body %}{% include 'super.html' %}{% endblock %}",
        ["tags", "authors"],
    ),
    "debug": ("{% debug %}{% for b in books %}{% endfor %}", []),
    "extends by variable": (
        "{% extends name %}{% block body %}{% if books %}{% endif %}{% endblock %}",
        [],
    ),
    "extends one of its own name": ("{% extends 'self.html' %}", []),
    "comment": ("{% comment %}{% for b in books %}{% endfor %}{% endcomment %}", []),
    "verbatim": ("{% verbatim %}{% for b in books %}{% endfor %}{% endverbatim %}", []),
    "nothing": ("<p>", []),
}


PATHS = {
    "printed": ("{{ order.user.name }}", ["order.user.name"]),
    "filtered": ("{{ order.user.name|upper }}", ["order.user.name"]),
    "if": ("{% if order.user.is_staff %}{% endif %}", ["order.user.is_staff"]),
    "if compares": ("{% if x == order.user %}{% endif %}", ["order.user"]),
    "for": ("{% for post in order.user.posts.all %}{% endfor %}", ["order.user.posts.all"]),
    "with": (
        "{% with user=order.user %}{{ user.profile }}{% endwith %}",
        ["order.user", "order.user.profile"],
    ),
    "include": (
        "{% include 'list.html' with items=order.user.posts %}",
        ["order.user.posts"],
    ),
    "url": (
        "{% url 'user' order.user.pk name=order.shop.name %}",
        ["order.user.pk", "order.shop.name"],
    ),
    "a tag's arguments": (
        "{% load project %}{% plain order.user %}{% shelf order.shop.books %}",
        ["order.user", "order.shop.books"],
    ),
    "branch": ("{% if x %}{{ order.user }}{% elif order.shop %}{% endif %}", []),
    "second operand": ("{% if x and order.user %}{% endif %}", []),
    "operand behind one that may fail": ("{% if order.a == order.b %}{% endif %}", ["order.a"]),
    "loop's body": ("{% for x in y %}{{ order.user }}{{ x.user }}{% endfor %}", []),
    "cache": ("{% load cache %}{% cache 9 order.pk %}{{ order.user }}{% endcache %}", []),
    "a filter's argument": ("{{ x|default:order.user }}", []),
    "shadowed": ("{% with order=x.y %}{{ order.user }}{% endwith %}", ["x.y", "x.y.user"]),
    "a tag's result": ("{% load project %}{% plain as order %}{{ order.user }}", []),
    "after an unknown tag": ("{% load project %}{% mystery %}{{ order.user }}", []),
}


def engine(**options: object) -> Engine:
    kept = [("django.template.loaders.locmem.Loader", OTHERS)]
    options.setdefault("loaders", [("django.template.loaders.cached.Loader", kept)])
    return Engine(
        libraries={
            "project": __name__,
            "cache": "django.templatetags.cache",
            "i18n": "django.templatetags.i18n",
            "l10n": "django.templatetags.l10n",
            "static": "django.templatetags.static",
            "tz": "django.templatetags.tz",
        },
        **options,
    )


def read_whole(source: str) -> list[str]:
    """The names of what is bound to be read whole, and is not used in another way before."""
    uses = reading.uses(engine().from_string(source))
    names = [name for name, use in uses.items() if use.whole < use.otherwise]
    return sorted(names, key=lambda name: uses[name].whole)


@pytest.mark.parametrize("case", BOUND)
def test_what_is_bound_to_be_read_whole(case: str) -> None:
    source, expected = BOUND[case]
    assert read_whole(source) == expected != []


@pytest.mark.parametrize("case", LEFT_ALONE)
def test_what_may_be_skipped_or_is_used_in_another_way_before(case: str) -> None:
    source, expected = LEFT_ALONE[case]
    assert read_whole(source) == expected
    assert "books" not in expected


@pytest.mark.parametrize("case", PATHS)
def test_the_lookups_that_are_bound_to_be_made(case: str) -> None:
    source, expected = PATHS[case]
    uses = reading.uses(engine().from_string(source))
    assert [".".join((name, *path)) for name, use in uses.items() for path in use.paths] == expected


def test_a_template_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    template = engine().from_string("{% for b in books %}{% endfor %}")
    first = reading.uses(template)
    monkeypatch.setattr(template, "nodelist", None)
    assert reading.uses(template) is first


def test_another_template_is_read_only_where_the_engine_keeps_it() -> None:
    loaders = [("django.template.loaders.locmem.Loader", OTHERS)]
    template = engine(loaders=loaders).from_string(
        "{% for b in books %}{% endfor %}{% include 'list.html' with items=authors %}"
    )
    assert list(reading.uses(template)) == ["books", "authors"][:1]


def test_what_only_resembles_a_template() -> None:
    class Fragment:
        nodelist = engine().from_string("{{ books|length }}{% include 'list.html' %}").nodelist
        name = "fragment"

    assert list(reading.uses(Fragment())) == ["books"]  # type: ignore[arg-type]


@pytest.mark.skipif(not hasattr(tags, "PartialNode"), reason="Django 6.0 has partials")
class TestPartials:
    SOURCE = """{% partialdef card %}{% for b in books %}{% endfor %}{% endpartialdef %}
    {% partial card %}{% for a in authors %}{% endfor %}"""

    def test_nothing_is_certain_from_one_on(self) -> None:
        assert read_whole(self.SOURCE) == []

    def test_one_rendered_by_itself(self) -> None:
        made = engine().from_string(self.SOURCE)
        card = made.extra_data["partials"]["card"]
        card.engine = made.engine
        assert [name for name, use in reading.uses(card).items() if use.whole < use.otherwise] == [
            "books"
        ]
