"""From a text to what is known of the errors in it."""

import re
from collections.abc import Iterator
from pathlib import Path

from unblocker.explain.case import Case, make_case
from unblocker.explain.knowledge import ENTRIES
from unblocker.explain.knowledge.base import Advice
from unblocker.explain.model_facts import ModelFacts
from unblocker.explain.reading import Chain, read_chains
from unblocker.explain.source_files import SourceFiles
from unblocker.explain.spots import Spot
from unblocker.records.explanation import Explanation, Explanations, Fix, Unexplained

LOST = "never_awaited"
_RUNTIME_CODE = re.compile(r"(R\d{3}): (?=\S)")


def explain(text: str, root: Path | None, models: ModelFacts = ModelFacts()) -> Explanations:  # noqa: B008  frozen
    """What is known of each error in the text; sources are read below `root`, none without one.

    Raises:
        UnblockError: there is no error in it (U030).
    """
    sources = SourceFiles(root)
    explained: list[Explanation] = []
    unexplained: dict[Unexplained, None] = {}
    for chain in read_chains(text):
        found, unknown = _explain_chain(chain, sources, models)
        explained += found
        unexplained.update(dict.fromkeys(unknown))
    return Explanations(tuple(_once(explained)), tuple(unexplained))


def _once(explained: list[Explanation]) -> Iterator[Explanation]:
    """Each mistake once; a coroutine that is lost because its line failed is not told of beside that."""
    seen: set[object] = set()
    failed = {_line(one) for one in explained if one.place and one.code != ENTRIES[LOST].code}
    for one in explained:
        same = (*_line(one), one.expression) if one.place else one
        lost = one.code == ENTRIES[LOST].code and one.place and _line(one) in failed
        if same not in seen and not lost:
            seen.add(same)
            yield one


def _line(one: Explanation) -> tuple[str, int]:
    return (one.place.file, one.place.line) if one.place else ("", 0)


def _explain_chain(
    chain: Chain, sources: SourceFiles, models: ModelFacts
) -> tuple[list[Explanation], list[Unexplained]]:
    """What is known of the chain's errors; its last one where that is not known.

    What was raised from an explained one, as Django raises its own from a driver's, needs no second explanation, but
    tells more often which line of the project it was.
    """
    found: dict[str, Explanation] = {}
    unknown: list[Unexplained] = []
    for at, report in enumerate(chain):
        case = make_case(report, chain[:at], sources, models)
        explanation = _explanation(case)
        if explanation is not None:
            earlier = found.get(explanation.code)
            found[explanation.code] = explanation if explanation.place or not earlier else earlier
        is_known = explanation is not None or (found and report.link == "cause")
        unknown = [] if is_known else [_unexplained(case)]
    return list(found.values()), unknown


def _explanation(case: Case) -> Explanation | None:
    runtime = _RUNTIME_CODE.match(case.report.message)
    if runtime:
        return _of_the_runtime(case, runtime[1])
    for entry in ENTRIES.values():
        if entry.recognise(case):
            advice = entry.advise(case)
            spot = advice.spot or case.spot
            return _told(entry.code, entry.title, case, advice, spot)
    return None


def _of_the_runtime(case: Case, code: str) -> Explanation:
    """An error of django-unblock's own runtime, whose message says it all; its page says more."""
    page = Fix(f"The page of {code} in the documentation says what to do.")
    advice = Advice(case.report.message.partition(": ")[2], (page,))
    return _told(code, "an error of django-unblock's runtime", case, advice, case.spot)


def _told(code: str, title: str, case: Case, advice: Advice, spot: Spot | None) -> Explanation:
    node = advice.node or (spot.node if spot else None)
    return Explanation(
        code=code,
        title=title,
        error=case.report.error,
        place=spot.at(node) if spot else None,
        line=spot.line if spot else "",
        expression=spot.segment(node) if spot else "",
        function=spot.function if spot else "",
        why=advice.why,
        fixes=advice.fixes,
    )


def _unexplained(case: Case) -> Unexplained:
    spot = case.spot
    return Unexplained(case.report.error, spot.place if spot else None, spot.line if spot else "")
