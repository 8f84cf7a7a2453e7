"""Which way through a view is predicted, and what stands on it."""

from dataclasses import replace

import msgspec
import pytest

from tests.unblocker.plan.builders import (
    call_of,
    fetch,
    function,
    guard_if,
    mailing,
    place,
    query,
    read,
    render,
    step,
    survey_of,
)
from unblocker.config import Config, Costs
from unblocker.plan import make_plan
from unblocker.records.plan import Prediction
from unblocker.records.survey import Block, Function, Step, Survey, Template

COSTS = Costs(query=10, http=100, mail=200, loop_turns=5)


def predicted(survey: Survey) -> Prediction:
    return make_plan(survey, msgspec.structs.replace(Config(), costs=COSTS)).views[0].prediction


def of(*steps: Step) -> Prediction:
    return predicted(survey_of(function("page", *steps)))


def told(prediction: Prediction) -> list[str]:
    return [span.kind for span in prediction.before]


def choice(*steps: Step, orelse: tuple[Step, ...] = ()) -> Step:
    """An `if` with these bodies."""
    other = (Block("orelse", orelse),) if orelse else ()
    return step("if", blocks=(Block("body", steps), *other))


@pytest.mark.parametrize(
    ("steps", "kinds"),
    [
        ((guard_if(), read("a")), ["query"]),
        ((choice(read("a"), mailing(), step("return")), read("b")), ["query", "mail"]),
        ((choice(read("a"), step("return")), read("b"), fetch("c")), ["query", "http"]),
        ((choice(choice(mailing(), step("return")), read("a")), read("b")), ["mail"]),
        ((choice(choice(guard_if(), read("a")), read("b")), fetch("c")), ["query", "query", "http"]),
        ((choice(step("return"), orelse=(read("a"), step("return"))), fetch("b")), ["query"]),
        ((choice(read("a"), step("raise")), step("return"), fetch("c")), ["query"]),
    ],
)  # fmt: skip
def test_the_dearest_way_through_is_taken(steps: tuple[Step, ...], kinds: list[str]) -> None:
    assert told(of(*steps)) == kinds


def test_a_form_that_is_saved_is_not_passed_over() -> None:
    """`if request.method == "POST": …; return redirect(…)` is what the view is for."""
    posted = choice(read("a"), read("b"), mailing(), step("return"))
    assert of(posted, read("shown"), render()).before_ms == 220


def test_both_time_lines_are_of_the_same_way() -> None:
    """Converted, the mail costs nothing, and the other way would be the dearer one."""
    sent = choice(read("a"), mailing(), step("return"))
    prediction = of(sent, fetch("b"), render())
    assert (prediction.before_ms, prediction.after_ms) == (210, 10)


def test_a_way_out_of_a_loop_is_taken_where_it_is_dearer() -> None:
    found = step("for", blocks=(Block("body", (choice(mailing(), step("return")),)),))
    assert told(of(found, read("a"))) == ["mail"]


def test_what_comes_behind_a_with_that_returns_is_not_reached() -> None:
    inside = step("with", blocks=(Block("body", (read("a"), step("return"))),))
    assert told(of(inside, fetch("b"))) == ["query"]


def shown(template: Template, *helpers: Function) -> Prediction:
    page = render()
    rendering = replace(page.operations[0], template=template.name)
    survey = survey_of(function("page", replace(page, operations=(rendering,))), *helpers)
    return predicted(replace(survey, templates=(template,)))


def test_what_a_template_calls_is_predicted_for_each_row() -> None:
    total = function("total", read("a"), read("b"))
    call = replace(call_of(total.id, place()), times=4)
    prediction = shown(Template("page.html", (call,)), total)
    assert prediction.before_ms == 80
    assert [(span.label, span.times) for span in prediction.before] == [
        ("Thing.count", 4),
        ("Thing.count", 4),
    ]


def test_a_query_for_each_row_is_one_span() -> None:
    rows = replace(query(place()), times=10)
    [span] = shown(Template("page.html", (rows,))).before
    assert (span.start_ms, span.end_ms, span.times) == (0, 100, 10)


def test_the_turns_of_a_long_loop_are_told_as_one() -> None:
    short = step("for", blocks=(Block("body", (read("a"),)),))
    assert [span.times for span in of(short).before] == [1] * 5
    body = tuple(read(f"a{number}") for number in range(20))
    long = of(step("for", blocks=(Block("body", body),))).before
    assert [span.times for span in long] == [5] * 20
    assert long[-1].end_ms == 20 * 5 * 10


def test_functions_that_call_each_other_come_to_an_end() -> None:
    one = function("one", step("expression", operations=(call_of("app.views:two", place()),)))
    two = function(
        "two", read("a"), step("expression", operations=(call_of("app.views:one", place()),))
    )
    assert told(predicted(survey_of(one, two))) == ["query"]


def test_a_template_that_renders_itself_comes_to_an_end() -> None:
    again = replace(render().operations[0], template="page.html")
    assert shown(Template("page.html", (again, query(place())))).before_ms == 10
