"""Survey and plan as SARIF 2.1.0, for code scanning in editors and CI.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import PurePosixPath
from urllib.parse import quote

from unblocker.records.places import Place
from unblocker.report.codes import code_page
from unblocker.report.surveyed.results import Result, is_outside, results
from unblocker.report.surveyed.selection import Shown

type Json = dict[str, object]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "PROJECTROOT"


def sarif(shown: Shown) -> str:
    """The log as JSON text, ending in a newline: a result per finding, reason and problem."""
    return sarif_of(tuple(results(shown)), shown.surveyed.survey.project.root)


def sarif_of(found: tuple[Result, ...], folder: str) -> str:
    """The log of these results in the project in `folder`."""
    codes = tuple(sorted({result.code for result in found}))
    root = {
        "uri": f"{PurePosixPath(folder).as_uri()}/",
        "description": {"text": "The folder of manage.py."},
    }
    run: Json = {
        "tool": {"driver": _driver(codes)},
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {_ROOT: root},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, codes) for result in found],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return f"{json.dumps(log, indent=1, ensure_ascii=False)}\n"


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


def _result(result: Result, codes: tuple[str, ...]) -> Json:
    told: Json = {
        "ruleId": result.code,
        "ruleIndex": codes.index(result.code),
        "level": result.level,
        "message": {"text": result.text},
    }
    if result.place is not None:
        told["locations"] = [{"physicalLocation": _location(result.place)}]
    return told


def _location(place: Place) -> Json:
    """SARIF counts columns from 1, and its end column is exclusive, as ours is."""
    if is_outside(place):
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
