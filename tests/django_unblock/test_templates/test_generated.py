"""Generated templates: in the bridge each renders the same, with the same queries, as elsewhere."""

from collections.abc import Callable

from bookshop import Outcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAMES = (
    *("books", "same", "authors", "nested", "tags", "first_book", "titles", "raw", "deep"),
    *("joined", "reviews", "entangled", "book", "twin", "second", "review", "joined_review"),
    *("author", "lonely", "loan", "deferred", "known", "lazy", "maker", "words", "parts"),
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

expressions = st.tuples(*map(st.sampled_from, (NAMES, LOOKUPS, FILTERS))).map("".join)
plain_names = st.sampled_from(NAMES)
operators = st.sampled_from(("==", "!=", "in", "not in", "is", ">", "and", "or"))


@st.composite
def conditions(draw: st.DrawFn) -> str:
    condition = ("not " if draw(st.booleans()) else "") + draw(expressions)
    while draw(st.integers(0, 3)) == 0:
        condition += f" {draw(operators)} {draw(expressions)}"
    return condition


@st.composite
def tags(draw: st.DrawFn, bodies: st.SearchStrategy[str]) -> str:
    """A tag around, or before, more of a template."""
    one, other = draw(bodies), draw(bodies)
    value, name, condition = draw(expressions), draw(plain_names), draw(conditions())
    return draw(
        st.sampled_from(
            (
                f"{{% for x in {value} %}}{one}{{% empty %}}{other}{{% endfor %}}",
                f"{{% for x in {name} %}}{one}{{% endfor %}}{other}",
                f"{{% if {condition} %}}{one}{{% else %}}{other}{{% endif %}}",
                f"{{% if {condition} %}}{one}{{% elif {value} %}}{other}{{% endif %}}",
                f"{{% with x={value} %}}{one}{{% endwith %}}{other}",
                f"{{% with {name}={value} %}}{one}{{% endwith %}}{other}",
                f"{{% spaceless %}}{one}{{% endspaceless %}}{other}",
                f"{{% autoescape off %}}{one}{{% endautoescape %}}{other}",
                f"{{% filter upper %}}{one}{{% endfilter %}}{other}",
                f"{{% cache 9 part {value} %}}{one}{{% endcache %}}{other}",
                f"{{% language 'nl' %}}{one}{{% endlanguage %}}{other}",
                f"{{% timezone 'UTC' %}}{one}{{% endtimezone %}}{other}",
                f"{{% ifchanged {value} %}}{one}{{% endifchanged %}}{other}",
                f"{one}{other}",
            )
        )
    )


@st.composite
def leaves(draw: st.DrawFn) -> str:
    value, name = draw(expressions), draw(plain_names)
    return draw(
        st.sampled_from(
            (
                f"{{{{ {value} }}}}",
                f"{{{{ {value} }}}}",
                f"{{% for x in {name} %}}{{{{ x }}}}{{% endfor %}}",
                f"{{% plain {value} %}}",
                f"{{% plain {value} as {name} %}}",
                f"{{% shelf {value} %}}",
                f"{{% regroup {name} by {draw(plain_names)} as x %}}{{{{ x|length }}}}",
                f"{{% cycle 'a' 'b' as {name} %}}",
                f"{{% firstof {value} {name} %}}",
                f"{{% url 'none' {value} as {name} %}}",
                f"{{% blocktranslate with y={value} %}}{{{{ y }}}}{{{{ {name} }}}}{{% endblocktranslate %}}",
                f"{{% include 'list.html' with items={value} %}}",
                f"{{% include 'list.html' with items={name} only %}}",
                f"{{% include 'count.html' with items={name} %}}",
                "{% include 'books.html' %}",
                "{% include 'super.html' %}",
                "{% nosy %}",
                "{{ block.super }}",
            )
        )
    )


bodies = st.recursive(leaves(), tags, max_leaves=6)


@st.composite
def templates(draw: st.DrawFn) -> str:
    body = draw(bodies) + draw(bodies)
    if draw(st.booleans()):
        return body
    parent, block = (
        draw(st.sampled_from(("base", "middle"))),
        draw(st.sampled_from(("one", "three"))),
    )
    return f"{{% extends '{parent}.html' %}}{{% block {block} %}}{body}{{% endblock %}}"


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(source=templates())
def test_the_same_answer_and_queries(source: str, compare: Callable[[str], Outcome]) -> None:
    compare(source)
