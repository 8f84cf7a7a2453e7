"""The whole plan: a verdict per view, the function plans behind the conversions, and the project's adoption."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace

from unblocker.config import Config
from unblocker.plan.adoption import adoption_of
from unblocker.plan.callers import called_synchronously
from unblocker.plan.conversion import Conversion, Converter, bad_decorator
from unblocker.plan.facts import Facts
from unblocker.plan.latencies import Latencies
from unblocker.plan.naming import settle
from unblocker.plan.predict import Predictor
from unblocker.plan.verdict import (
    Judged,
    called_by_sync,
    judge,
    preset,
    refusal,
    unchosen,
    unread,
)
from unblocker.records.places import Place
from unblocker.records.plan import Accepted, FunctionPlan, Plan, Prediction, ViewPlan
from unblocker.records.recording import Recording
from unblocker.records.survey import Function, Survey, View

EMPTY = Prediction((), ())


@dataclass(slots=True)
class Planner:
    """Plans one survey; `called` are the functions that synchronous code calls, and where."""

    facts: Facts
    config: Config
    latencies: Latencies
    kept: Mapping[str, Callable[[View], Judged]] = field(default_factory=dict)
    called: dict[str, Place] = field(default_factory=dict)
    converter: Converter = field(init=False)
    plans: dict[str, FunctionPlan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.converter = Converter(self.facts, self.config)

    def view(self, view: View) -> ViewPlan:
        """The plan of one view; what converting it needs is added to `plans`."""
        judged = preset(view)
        if judged is not None:
            return view_plan(view, judged, EMPTY)
        function = self.facts.functions.get(view.function or "")
        if function is None:
            return view_plan(view, unread(view), EMPTY)
        return self._judged(view, function)

    def _judged(self, view: View, function: Function) -> ViewPlan:
        conversion = self.converter.convert(function)
        around = tuple(reason for one in view.decorators if (reason := bad_decorator(one)))
        conversion = replace(conversion, impediments=(*around, *conversion.impediments))
        closure = self.closure(function)
        latencies = self.latencies.of_view(view)
        before = Predictor(self.facts, latencies).function(function)
        overlaps = any(one.overlaps for one in closure.values())
        judged = judge(view, conversion, before.spans, overlaps=overlaps)
        if judged.verdict == "convert" and function.id in self.kept:
            judged = self.kept[function.id](view)
        elif judged.verdict == "convert" and function.id in self.called:
            judged = called_by_sync(view, self.called[function.id])
        if judged.verdict != "convert":
            return view_plan(view, judged, Prediction(before.spans, before.spans))
        plans = {one: each.plan for one, each in closure.items()}
        self.plans.update(plans)
        after = Predictor(self.facts, latencies, plans.get).function(function)
        prediction = Prediction(before.spans, after.spans)
        return view_plan(view, judged, prediction, tuple(plans), conversion.accepted)

    def closure(self, function: Function) -> dict[str, Conversion]:
        """The function's conversion and those of all helpers that it needs converted, its own first."""
        found: dict[str, Conversion] = {}
        waiting = [function]
        while waiting:
            one = waiting.pop()
            if one.id not in found:
                found[one.id] = self.converter.convert(one)
                waiting.extend(self.facts.functions[helper] for helper in found[one.id].helpers)
        return found


def make_plan(
    survey: Survey,
    config: Config,
    progress: Callable[[str], None] = lambda _: None,
    recording: Recording | None = None,
    refused: Set[str] = frozenset(),
    unselected: Set[str] = frozenset(),
) -> Plan:
    """The plan for every view of the survey, in the survey's order; a recording tells latencies and traffic.

    The views in `refused`, whose conversion was not proven, and in `unselected`, which nobody asks to convert, stay as
    they are, with all others that have the same function.
    """
    latencies = Latencies(config.costs, survey, recording)
    kept = {
        **{view.function or "": unchosen for view in survey.views if view.id in unselected},
        **{view.function or "": refusal for view in survey.views if view.id in refused},
    }
    planner = Planner(Facts(survey), config, latencies, kept)
    while True:
        views = []
        planner.plans.clear()
        for number, view in enumerate(survey.views, 1):
            progress(f"Planning views: {number} of {len(survey.views)}")
            views.append(replace(planner.view(view), traffic=latencies.traffic(view)))
        converted = {one.functions[0] for one in views if one.functions}
        functions = settle(planner.plans, converted, planner.facts)
        called = called_synchronously(converted, functions, planner.facts)
        if not called:
            break
        planner.called.update(called)
    return Plan(
        project=survey.project,
        views=tuple(views),
        functions=functions,
        adoption=adoption_of(survey.project),
        files=survey.files,
    )


def view_plan(
    view: View,
    judged: Judged,
    prediction: Prediction,
    functions: tuple[str, ...] = (),
    accepted: tuple[Accepted, ...] = (),
) -> ViewPlan:
    """The record of a judged view."""
    return ViewPlan(
        view=view.id,
        verdict=judged.verdict,
        reasons=judged.reasons,
        prediction=prediction,
        functions=functions,
        accepted=accepted,
        place=view.place,
    )
