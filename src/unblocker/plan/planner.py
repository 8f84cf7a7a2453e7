"""The whole plan: a verdict per view, the function plans behind the conversions, and the project's adoption."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from unblocker.config import Config
from unblocker.plan.adoption import adoption_of
from unblocker.plan.callers import called_synchronously
from unblocker.plan.conversion import Conversion, Converter, bad_decorator
from unblocker.plan.facts import Facts
from unblocker.plan.handlers import answering, as_one, own_functions, shared_with_others
from unblocker.plan.latencies import Latencies
from unblocker.plan.naming import settle
from unblocker.plan.predict import Predictor
from unblocker.plan.staying import Staying
from unblocker.plan.verdict import (
    Judged,
    called_by_sync,
    judge,
    preset,
    refusal,
    shared_with_sync,
    stays_synchronous,
    unchosen,
    unread,
)
from unblocker.records.plan import Accepted, FunctionPlan, Plan, Prediction, Reason, ViewPlan
from unblocker.records.recording import Recording
from unblocker.records.survey import Function, Survey, View

EMPTY = Prediction((), ())


@dataclass(slots=True)
class Planner:
    """Plans one survey.

    `plans` are of functions that become asynchronous, `staying` of those that can't; `held` are the verdicts on views
    that could by themselves, but not with those that call them or share their handlers.
    """

    facts: Facts
    config: Config
    latencies: Latencies
    kept: Mapping[str, Callable[[View], Judged]] = field(default_factory=dict)
    held: dict[str, Judged] = field(default_factory=dict)
    converter: Converter = field(init=False)
    synchronous: Staying = field(init=False)
    plans: dict[str, FunctionPlan] = field(default_factory=dict)
    staying: dict[str, FunctionPlan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.converter = Converter(self.facts, self.config)
        self.synchronous = Staying(self.facts)

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
        answering_it = answering(view, function, self.facts)
        conversion = as_one([self.converter.convert(one) for one in answering_it])
        around = tuple(reason for one in view.decorators if (reason := bad_decorator(one)))
        odd = tuple(Reason(one.code, one.text, one.place) for one in view.obstacles)
        conversion = replace(conversion, impediments=(*around, *odd, *conversion.impediments))
        closure = self.closure(answering_it)
        latencies = self.latencies.of_view(view)
        before = Predictor(self.facts, latencies).function(function)
        overlaps = any(one.overlaps for one in closure.values())
        judged = judge(view, conversion, before.spans, overlaps=overlaps)
        if judged.verdict == "convert" and function.id in self.kept:
            judged = self.kept[function.id](view)
        elif judged.verdict == "convert":
            judged = self.held.get(view.id, judged)
        if judged.verdict != "convert":
            return view_plan(view, judged, Prediction(before.spans, before.spans))
        plans = {one: each.plan for one, each in closure.items()}
        self.plans.update(plans)
        after = Predictor(self.facts, latencies, plans.get).function(function)
        prediction = Prediction(before.spans, after.spans)
        return view_plan(view, judged, prediction, tuple(plans), conversion.accepted)

    def closure(self, functions: Sequence[Function]) -> dict[str, Conversion]:
        """The functions' conversions and those of all helpers that they need converted, their own first."""
        found: dict[str, Conversion] = {}
        waiting = list(functions)
        while waiting:
            one = waiting.pop(0)
            if one.id not in found:
                found[one.id] = self.converter.convert(one)
                waiting.extend(self.facts.functions[helper] for helper in found[one.id].helpers)
        return found

    def all_views(self, views: Sequence[View], progress: Callable[[str], None]) -> list[ViewPlan]:
        """The plans of all views; what converting them needs is in `plans`."""
        self.plans.clear()
        found = []
        for number, view in enumerate(views, 1):
            progress(f"Planning views: {number} of {len(views)}")
            found.append(self.view(view))
        return found

    def held_back(
        self,
        views: Sequence[View],
        own: Mapping[str, tuple[str, ...]],
        functions: Sequence[FunctionPlan],
    ) -> dict[str, Judged]:
        """The verdicts, by view, on those that can't become asynchronous because of others.

        `own` are the functions that answer requests and would: see `own_functions`.
        """
        called = called_synchronously(own, functions, self.facts)
        shared = shared_with_others(own, self.facts)
        found: dict[str, Judged] = {}
        for view in views:
            mine = [one for one, having in own.items() if view.id in having]
            if by := [one for one in mine if one in called]:
                found[view.id] = called_by_sync(view, called[by[0]])
            elif by := [one for one in mine if one in shared]:
                found[view.id] = shared_with_sync(view, shared[by[0]])
        return found

    def stay(self, view: View, planned: ViewPlan) -> ViewPlan:
        """The plan of a view that could not become asynchronous: its reads overlap in synchronous code, where they can.

        A function with an asynchronous form keeps that: this is asked when those of all views are known.
        """
        function = self.facts.functions.get(view.function or "")
        if planned.verdict != "bridge" or function is None or function.id in self.kept:
            return planned
        plans = {
            one: plan
            for one, plan in self.synchronous.plans(function).items()
            if one not in self.plans
        }
        if not plans:
            return planned
        self.staying.update(plans)
        after = Predictor(self.facts, self.latencies.of_view(view), plans.get).function(function)
        prediction = Prediction(planned.prediction.before, after.spans)
        return view_plan(view, stays_synchronous(view, planned), prediction, tuple(plans))


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
        views = planner.all_views(survey.views, progress)
        own = own_functions(survey.views, views, planner.facts)
        functions = settle(planner.plans, set(own), planner.facts)
        held = planner.held_back(survey.views, own, functions)
        if not held:
            break
        planner.held.update(held)
    views = [planner.stay(*pair) for pair in zip(survey.views, views, strict=True)]
    return Plan(
        project=survey.project,
        views=tuple(
            replace(plan, traffic=latencies.traffic(view))
            for view, plan in zip(survey.views, views, strict=True)
        ),
        functions=(*functions, *planner.staying.values()),
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
