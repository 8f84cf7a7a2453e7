"""Generated templates: in the bridge each renders the same, with the same queries, as elsewhere."""

import re
from collections.abc import Callable, Sequence

from bookshop import Outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAMES = (
    *("books", "same", "authors", "nested", "tags", "first_book", "titles", "raw", "deep"),
    *("joined", "reviews", "entangled", "book", "twin", "second", "review", "joined_review"),
    *(
        "author",
        "lonely",
        "loan",
        "deferred",
        "known",
        "lazy",
        "maker",
        "page",
        "page_rows",
        "words",
        "parts",
    ),
    *("x", "y", "missing"),
)
LOOKUPS = (
    *("", "", "", ".count", ".exists", ".first", ".all", ".0", ".0.author", ".name", ".title"),
    *(".author", ".author.name", ".author.biography.text", ".book", ".book.author.name"),
    *(".biography.text", ".reader", ".reader.biography", ".reviews.all", ".books.count"),
)
FILTERS = (
    *("", "", "", "", "|length", "|first", "|slice:':1'", "|few", "|default:books", "|yesno"),
    *("|pluralize", "|dictsort:'pk'", "|join:','", "|add:author.biography.text"),
)

OPERATORS = ("==", "!=", "in", "not in", "is", ">", "and", "or")
CONDITIONS = ("VALUE", "VALUE", "not VALUE", "VALUE OPERATOR VALUE", "not VALUE OPERATOR VALUE")
LEAVES = (
    "{{ VALUE }}",
    "{{ VALUE }}",
    "{{ NAME|length }}",
    "{% for x in NAME %}{{ x }}{% endfor %}",
    "{% plain VALUE %}",
    "{% plain VALUE as NAME %}",
    "{% shelf VALUE %}",
    "{% regroup NAME by NAME as x %}{{ x|length }}",
    "{% cycle 'a' 'b' as NAME %}",
    "{% firstof VALUE NAME %}",
    "{% url 'none' VALUE as NAME %}",
    "{% blocktranslate with y=VALUE %}{{ y }}{{ NAME }}{% endblocktranslate %}",
    "{% include 'list.html' with items=VALUE %}",
    "{% include 'list.html' with items=NAME only %}",
    "{% include 'count.html' with items=NAME %}",
    "{% include 'books.html' %}",
    "{% include 'super.html' %}",
    "{% nosy %}",
    "{{ block.super }}",
)
TAGS = (
    "{% for x in VALUE %}PART{% empty %}PART{% endfor %}",
    "{% for x in NAME %}PART{% endfor %}PART",
    "{% if CONDITION %}PART{% else %}PART{% endif %}",
    "{% if CONDITION %}PART{% elif VALUE %}PART{% endif %}",
    "{% with x=VALUE %}PART{% endwith %}PART",
    "{% with NAME=VALUE %}PART{% endwith %}PART",
    "{% spaceless %}PART{% endspaceless %}PART",
    "{% autoescape off %}PART{% endautoescape %}PART",
    "{% filter upper %}PART{% endfilter %}PART",
    "{% cache 9 part VALUE %}PART{% endcache %}PART",
    "{% language 'nl' %}PART{% endlanguage %}PART",
    "{% timezone 'UTC' %}PART{% endtimezone %}PART",
    "{% ifchanged VALUE %}PART{% endifchanged %}PART",
    "PART PART",
)
WHOLE = (
    "PART PART",
    "{% extends 'base.html' %}{% block one %}PART PART{% endblock %}",
    "{% extends 'middle.html' %}{% block three %}PART PART{% endblock %}",
)


def filled(forms: Sequence[str], **blanks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One of the forms, with its words in capitals filled in."""

    @st.composite
    def fill(draw: st.DrawFn) -> str:
        form = draw(st.sampled_from(forms))
        return re.sub("|".join(blanks), lambda blank: draw(blanks[blank[0]]), form)

    return fill()


names = st.sampled_from(NAMES)
values = st.tuples(names, st.sampled_from(LOOKUPS), st.sampled_from(FILTERS)).map("".join)
conditions = filled(CONDITIONS, VALUE=values, OPERATOR=st.sampled_from(OPERATORS))
leaves = filled(LEAVES, NAME=names, VALUE=values)
parts = st.recursive(
    leaves,
    lambda part: filled(TAGS, NAME=names, VALUE=values, CONDITION=conditions, PART=part),
    max_leaves=6,
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(source=filled(WHOLE, PART=parts))
def test_the_same_answer_and_queries(source: str, compare: Callable[[str], Outcome]) -> None:
    compare(source)
