"""How values are written on the HTML pages."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from unblocker.report import figures
from unblocker.report.caveats import caveats
from unblocker.report.coverage import reached_told
from unblocker.report.pairs import median
from unblocker.report.trials import told
from unblocker.report.waterfall import colour_of


@cache
def environment() -> Environment:
    """The environment in which the pages are rendered: HTML in values is escaped, unknown names are errors."""
    made = Environment(
        loader=PackageLoader("unblocker.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "ms": figures.milliseconds,
        "rate": figures.rate,
        "ratio": _ratio,
        "count": figures.count,
        "plural": figures.plural,
        "percent": _percent,
        "markdown": _markdown,
        "median": median,
        "caveats": caveats,
        "colour": colour_of,
        "trials": told,
        "reached": reached_told,
    }
    made.globals["division"] = figures.division
    return made


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _ratio(value: float | None) -> str:
    return figures.ratio(value).replace("x", "\N{MULTIPLICATION SIGN}")


def _markdown(text: str) -> Markup:
    """The text of a docs page as HTML; HTML in it is shown as text, links to other pages as words."""
    renderer = MarkdownIt("commonmark", {"html": False}).disable(["image", "autolink"])
    for rule in ("link_open", "link_close"):
        renderer.add_render_rule(rule, lambda *_: "")
    return Markup(renderer.render(text))  # noqa: S704 - markdown-it escapes all that is not Markdown
