"""The linter: all async code of the project, looked at by every rule that holds under the project's runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.records.findings import Finding
from unblocker.survey.lint.async_code import AsyncCode, parents_of
from unblocker.survey.lint.helpers import Helpers
from unblocker.survey.lint.modules import async_modules
from unblocker.survey.lint.reading import read_async_functions
from unblocker.survey.lint.rules import RULES
from unblocker.survey.lint.setting import Setting, runtime_of
from unblocker.survey.lint.silence import is_silenced
from unblocker.survey.urls import endpoints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.survey.lint.rule import Hit, Rule
    from unblocker.survey.project import Loaded
    from unblocker.survey.world import World


def lint_project(world: World, loaded: Loaded) -> tuple[Finding, ...]:
    """The findings in all async functions, the settings and the URLconf, sorted by place; those silenced left out.

    Functions are read twice: what the first reading learns of helpers and attributes serves the second.
    """
    sources, project = loaded.sources, loaded.project
    ours = tuple(endpoint for endpoint in endpoints(loaded.resolver) if not endpoint.admin)
    helpers = Helpers()
    setting = Setting(project, sources, ours, runtime_of(project, sources.root), helpers)
    rules = [rule for rule in RULES if setting.runtime in rule.runtimes]
    modules = list(async_modules(sources, project.settings))
    world.index.refresh()
    for source, module in modules:
        for _ in read_async_functions(world, source, module):
            pass
    world.settle()
    helpers.add(world.summaries.values())
    found = set(_in_settings(setting, rules))
    for source, module in modules:
        parents = parents_of(source.tree)
        for node, observed in read_async_functions(world, source, module):
            code = AsyncCode(source, node, parents, observed, vars(module), setting)
            found.update(_in_function(code, rules))
    kept = (finding for finding in found if not is_silenced(finding, sources))
    return tuple(sorted(kept, key=lambda one: (one.place, one.code, one.text)))


def _in_settings(setting: Setting, rules: list[Rule]) -> Iterator[Finding]:
    for rule in rules:
        if rule.check_project is not None:
            yield from (_finding(rule, hit) for hit in rule.check_project(setting))


def _in_function(code: AsyncCode, rules: list[Rule]) -> Iterator[Finding]:
    for rule in rules:
        if rule.check is not None:
            yield from (_finding(rule, hit) for hit in rule.check(code))


def _finding(rule: Rule, hit: Hit) -> Finding:
    return Finding(rule.code, hit.text, hit.place, hit.fix)
