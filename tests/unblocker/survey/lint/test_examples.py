"""Every example of every rule: one finding where it is invalid, none of any rule where it is valid."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from unblocker.records.findings import Finding
from unblocker.survey.lint.rule import Example
from unblocker.survey.lint.rules import RULES

from .linted import lint

type Found = Callable[[str], list[Finding]]


@dataclass(frozen=True)
class Case:
    code: str
    example: Example
    expected: list[str]


def cases() -> Iterator[tuple[str, Case]]:
    for rule in RULES:
        for number, example in enumerate(rule.invalid):
            yield f"{rule.code.lower()}_invalid_{number}", Case(rule.code, example, [rule.code])
        for number, example in enumerate(rule.valid):
            yield f"{rule.code.lower()}_valid_{number}", Case(rule.code, example, [])


CASES = dict(cases())


def projects() -> list[list[str]]:
    """The examples that may share a project: those that change no setting; the others have one each."""
    plain = [name for name, case in CASES.items() if not case.example.settings]
    return [plain, *([name] for name, case in CASES.items() if case.example.settings)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """The findings of each example, in its own module or in the settings of its own project."""

    def run(names: list[str]) -> list[tuple[str, Finding]]:
        folder = tmp_path_factory.mktemp("lint")
        modules = {name: CASES[name].example.code for name in names}
        findings = lint(folder, modules, settings=CASES[names[0]].example.settings)
        alone = names[0] if len(names) == 1 else "settings"
        return [(owner(finding, names) or alone, finding) for finding in findings]

    with ThreadPoolExecutor(2) as pool:
        results = pool.map(run, projects())
    by_name: dict[str, list[Finding]] = {name: [] for name in [*CASES, "settings"]}
    for pairs in results:
        for name, finding in pairs:
            by_name[name].append(finding)
    return by_name


def owner(finding: Finding, names: list[str]) -> str:
    stem = Path(finding.place.file).stem
    return stem if stem in names else ""


@pytest.mark.parametrize(("name", "case"), CASES.items(), ids=CASES)
def test_example(name: str, case: Case, found: dict[str, list[Finding]]) -> None:
    assert [finding.code for finding in found[name]] == case.expected, found[name]


def test_examples_without_settings_find_nothing_in_them(found: dict[str, list[Finding]]) -> None:
    assert found["settings"] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_as_many_valid_examples_as_invalid_ones(rule: object) -> None:
    assert len(rule.valid) >= len(rule.invalid) > 0
