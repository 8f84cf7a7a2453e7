"""Survey and plan as SARIF 2.1.0, for code scanning in editors and CI.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import quote

from unblocker.records.places import Place
from unblocker.records.plan import Plan, ViewPlan
from unblocker.records.survey import Problem, Survey
from unblocker.report.codes import code_page

type Level = Literal["warning", "note", "none"]
type Json = dict[str, object]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "PROJECTROOT"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result: a view worth converting is a warning, a view left alone or a problem a note."""

    code: str
    level: Level
    text: str
    place: Place | None


def sarif(survey: Survey, plan: Plan) -> str:
    """The log as JSON text: a result per reason of each of the project's views, and per problem."""
    findings = tuple(_findings(survey, plan))
    codes = tuple(sorted({finding.code for finding in findings}))
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(codes)},
                "originalUriBaseIds": {
                    _ROOT: {"description": {"text": "The folder of manage.py."}}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes) for finding in findings],
            }
        ],
    }
    return json.dumps(log, indent=1, ensure_ascii=False)


def _findings(survey: Survey, plan: Plan) -> Iterator[Finding]:
    for view in plan.views:
        yield from _of_view(view)
    yield from _of_problems(survey.problems)
    for surveyed in survey.views:
        yield from _of_problems(surveyed.problems)


def _of_view(view: ViewPlan) -> Iterator[Finding]:
    if view.place is None or _is_outside(view.place):
        return
    level: Level = "note" if view.verdict == "leave" else "warning"
    for reason in view.reasons:
        text = f"{view.view}: {view.verdict}: {reason.text}"
        yield Finding(reason.code, level, text, reason.place or view.place)


def _of_problems(problems: Iterable[Problem]) -> Iterator[Finding]:
    for problem in problems:
        yield Finding(problem.code, "note", problem.text, problem.place)


def _driver(codes: Iterable[str]) -> Json:
    return {
        "name": "django-unblock",
        "semanticVersion": version("django-unblock"),
        "rules": [_rule(code) for code in codes],
    }


def _rule(code: str) -> Json:
    page = code_page(code)
    if page is None:
        return {"id": code}
    whole = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in page.sections.items())
    return {
        "id": code,
        "shortDescription": {"text": page.title or code},
        "help": {"text": whole, "markdown": whole},
    }


def _result(finding: Finding, codes: tuple[str, ...]) -> Json:
    result: Json = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.level,
        "message": {"text": finding.text},
    }
    if finding.place is not None:
        result["locations"] = [{"physicalLocation": _location(finding.place)}]
    return result


def _location(place: Place) -> Json:
    """SARIF counts columns from 1, and its end column is exclusive, as ours is."""
    if _is_outside(place):
        artifact: Json = {"uri": PurePosixPath(place.file).as_uri()}
    else:
        artifact = {"uri": quote(place.file), "uriBaseId": _ROOT}
    return {
        "artifactLocation": artifact,
        "region": {
            "startLine": place.line,
            "startColumn": place.column + 1,
            "endLine": place.end_line,
            "endColumn": place.end_column + 1,
        },
    }


def _is_outside(place: Place) -> bool:
    return PurePosixPath(place.file).is_absolute()
