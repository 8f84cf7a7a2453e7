import io
from dataclasses import replace

import pytest
from rich.console import Console

from unblocker.records.findings import Finding
from unblocker.records.places import Place
from unblocker.records.plan import Traffic
from unblocker.records.survey import Operation, Problem, Route, Template
from unblocker.report.surveyed.next_steps import Called
from unblocker.report.surveyed.selection import Selection, select
from unblocker.report.surveyed.terminal import show


def printed(width, surveyed, *, everything=False, **options):
    console = Console(file=io.StringIO(), width=width, **options)
    show(console, select(surveyed, Selection()), everything=everything)
    return console.file.getvalue()


def line_of(text, name):
    return next(" ".join(line.split()) for line in text.splitlines() if line.startswith(f"{name} "))


@pytest.mark.parametrize("width", [80, 120, 200])
def test_it_is_plain_and_fits(width, surveyed):
    text = printed(width, surveyed, everything=True)
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= width


def test_the_head_tells_what_was_surveyed(surveyed):
    head = printed(200, surveyed).splitlines()[0]
    assert head == "shop  4 views and 2 of the admin and packages, 0 lines of Python, 1.2 s"


def test_a_wide_terminal_has_one_line_for_a_view(surveyed):
    assert line_of(printed(200, surveyed), "overview") == (
        "overview 320 → 200 ms 1.6x U101 2 queries, 1 HTTP call, 1 template /overview/ catalog/views.py:7"
    )


def test_a_narrow_terminal_has_two(surveyed):
    text = printed(80, surveyed)
    assert line_of(text, "overview") == (
        "overview 320 → 200 ms 1.6x 2 queries, 1 HTTP call, 1 template"
    )
    assert "  U101  /overview/  catalog/views.py:7" in [line.rstrip() for line in text.splitlines()]


def test_a_code_is_explained_once(surveyed):
    lines = printed(80, surveyed).splitlines()
    assert lines.count("U101 independent I/O overlaps") == 1


@pytest.mark.parametrize("width", [80, 200])
def test_views_that_are_left_are_counted_by_reason(width, surveyed):
    text = printed(width, surveyed)
    assert line_of(text, "2").startswith("2 U203 ")
    assert line_of(text, "1").startswith("1 U201 ")
    assert "article" in text
    assert "/articles/" not in text


def test_all_lists_them(surveyed):
    text = printed(200, surveyed, everything=True)
    assert "/articles/<slug:slug>/" in line_of(text, "article")
    assert "/admin/login/" in line_of(text, "login")


def left_with_n_plus_1(surveyed, labels):
    """The shop, whose article asks for these in its template, for each row."""
    overview, article = surveyed.survey.functions
    asked = tuple(
        Operation(f"{at}:0", article.place, "django_orm.relation", "query", label, times=10)
        for at, label in enumerate(labels)
    )
    [step] = article.steps
    [read] = step.operations
    steps = (replace(step, operations=(replace(read, template="article.html"),)),)
    survey = replace(
        surveyed.survey,
        functions=(overview, replace(article, steps=steps)),
        templates=(Template("article.html", asked),),
    )
    return replace(surveyed, survey=survey)


def test_an_n_plus_1_is_told_with_its_place_and_views(surveyed):
    text = printed(80, left_with_n_plus_1(surveyed, ["Article.author", "Author.photo"]))
    assert "N+1: 2 places ask again for each row" in text.splitlines()
    assert "- catalog/views.py:22: Article.author, in 1 view: article" in [
        line.rstrip() for line in text.splitlines()
    ]


def test_without_an_n_plus_1_there_is_no_such_part(surveyed):
    assert "N+1" not in printed(80, surveyed)


def test_more_than_one_route_is_counted(surveyed):
    routes = tuple(Route(pattern, None) for pattern in ("one/", "two/", "three/"))
    views = tuple(replace(view, routes=routes) for view in surveyed.survey.views)
    text = printed(200, replace(surveyed, survey=replace(surveyed.survey, views=views)))
    assert "/one/ and 2 more" in line_of(text, "overview")


def test_a_recordings_requests_are_told(surveyed):
    views = tuple(replace(view, traffic=Traffic(1204, 50.0)) for view in surveyed.plan.views)
    recorded = replace(surveyed, plan=replace(surveyed.plan, views=views))
    assert "  1,204 requests" in printed(80, recorded)
    assert "1.6x 1,204 U101" in line_of(printed(200, recorded), "overview")
    assert " requests" not in printed(200, surveyed)


def findings(number):
    return tuple(
        Finding("U301", f"finding {one}", Place("catalog/views.py", one, 0, one, 5), f"fix {one}")
        for one in range(1, number + 1)
    )


def test_findings_are_told_with_their_fix(surveyed):
    found = replace(surveyed, survey=replace(surveyed.survey, findings=findings(1)))
    lines = [line.strip() for line in printed(80, found).splitlines()]
    at = lines.index("U301 catalog/views.py:1: finding 1")
    assert lines[at + 1] == "fix 1"


def test_many_findings_are_cut_unless_all_are_wanted(surveyed):
    found = replace(surveyed, survey=replace(surveyed.survey, findings=findings(25)))
    assert "and 5 more" in printed(80, found)
    assert "finding 25" not in printed(80, found)
    assert "finding 25" in printed(80, found, everything=True)


def test_problems_are_told_and_no_problems_are_not(surveyed):
    assert "U402 the template old.html is missing" in printed(80, surveyed)
    clean = replace(surveyed, survey=replace(surveyed.survey, problems=()))
    assert "problem" not in printed(80, clean)


def test_markup_in_a_record_is_not_rendered(surveyed):
    odd = (Problem("U402", "the list [bold]x[/bold] [/]", None),)
    text = printed(80, replace(surveyed, survey=replace(surveyed.survey, problems=odd)))
    assert "[bold]x[/bold] [/]" in text


def test_a_selection_without_a_view_is_told(surveyed):
    console = Console(file=io.StringIO(), width=80)
    show(console, select(surveyed, Selection(verdicts=("bridge",))))
    assert "No view was selected." in console.file.getvalue()


def test_what_to_do_next_is_told_as_the_tool_was_called(surveyed):
    console = Console(file=io.StringIO(), width=80)
    show(console, select(surveyed, Selection()), Called("manage.py unblock", "shop"))
    text = console.file.getvalue()
    assert "manage.py unblock survey shop --explain compare\n" in text
    assert "manage.py unblock convert shop\n" in text


def test_what_to_do_next_names_the_settings_that_were_named(surveyed):
    console = Console(file=io.StringIO(), width=80)
    show(console, select(surveyed, Selection()), Called(settings="shop.fast"))
    assert "django-unblock convert --settings shop.fast\n" in console.file.getvalue()


def test_a_view_of_the_project_is_explained_before_one_of_the_admin(surveyed):
    theirs, own = (replace(surveyed.survey.views[0], id=f"urls.{name}") for name in ("a", "b"))
    survey = replace(surveyed.survey, views=(replace(theirs, kind="admin"), own))
    left = replace(surveyed.plan.views[0], verdict="leave")
    views = (replace(left, view="urls.a"), replace(left, view="urls.b"))
    both = replace(surveyed, survey=survey, plan=replace(surveyed.plan, views=views))
    assert "django-unblock survey --explain b\n" in printed(80, both)
    only = replace(both, survey=replace(survey, views=survey.views[:1]))
    assert "django-unblock survey --explain a\n" in printed(80, only)


def test_a_name_that_a_shell_would_read_is_quoted(surveyed):
    view = replace(surveyed.survey.views[0], id="urls.TemplateView(terms/)")
    survey = replace(surveyed.survey, views=(view,))
    plan = replace(surveyed.plan.views[0], view=view.id)
    odd = replace(surveyed, survey=survey, plan=replace(surveyed.plan, views=(plan,)))
    assert "--explain 'TemplateView(terms/)'" in printed(80, odd)
