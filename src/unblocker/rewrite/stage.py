"""From a plan and the project's source to a changeset: every view whole, or not at all."""

from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from pathlib import Path

from unblocker.records.changeset import Changeset, FileChange
from unblocker.records.plan import FunctionPlan, Plan, ViewPlan
from unblocker.records.survey import Problem
from unblocker.rewrite.adoption import adopt
from unblocker.rewrite.elsewhere import Elsewhere
from unblocker.rewrite.file import Rewritten, Setting, rewrite_file
from unblocker.rewrite.source import Source, check_unchanged, read_source
from unblocker.rewrite.style import line_length


def rewrite(plan: Plan, root: Path, progress: Callable[[str], None]) -> Changeset:
    """The files that the plan's conversions change, old text and new; nothing is written.

    A function that can't be rewritten takes the views that need it with it, and those are reported as problems.

    Raises:
        UnblockError: U040, a file changed since the survey; U045, a file can't be read.
    """
    check_unchanged(plan.files, root)
    elsewhere = Elsewhere(root, (file.path for file in plan.files))
    setting = Setting(line_length(root), first_party_packages(root), elsewhere)
    failed: frozenset[str] = frozenset()
    reported: list[Problem] = []
    while True:
        views = convertible_views(plan, failed)
        results = _rewritten(plan, views, root, setting, progress)
        broken = [result for _, result in results if result.failed]
        if not broken:
            break
        failed = failed.union(*(result.failed for result in broken))
        reported += [problem for result in broken for problem in result.problems]
    adopted = adopt(plan.adoption, root)
    changes = [
        FileChange(source.path, source.encoding, source.text, result.text)
        for source, result in results
        if result.text is not None and result.text != source.text
    ]
    problems = [*reported, *_dropped(plan, views)]
    problems += [problem for _, result in results for problem in result.problems]
    return Changeset(
        root=str(root),
        files=tuple(sorted((*changes, *adopted.files), key=lambda change: change.path)),
        views=tuple(view.view for view in views),
        problems=(*problems, *adopted.problems),
    )


def convertible_views(plan: Plan, failed: Set[str]) -> tuple[ViewPlan, ...]:
    """The views to be converted that need none of the functions in `failed`.

    A helper converted in place needs all its callers converted: where one of them drops out, so do the others.
    """
    functions = {function.function: function for function in plan.functions}
    views = tuple(view for view in plan.views if view.verdict != "leave" and view.functions)
    lost = set(failed)
    while True:
        dropped = [view for view in views if lost.intersection(view.functions)]
        in_place = {
            name
            for view in dropped
            for name in view.functions
            if functions[name].is_async and not functions[name].twin
        }
        if in_place <= lost:
            return tuple(view for view in views if view not in dropped)
        lost |= in_place


def _dropped(plan: Plan, views: Sequence[ViewPlan]) -> list[Problem]:
    kept = {view.view for view in views}
    return [
        Problem(
            "U606",
            f"{view.view} stays as it is: a function it needs could not be rewritten",
            view.place,
        )
        for view in plan.views
        if view.verdict != "leave" and view.functions and view.view not in kept
    ]


def _rewritten(
    plan: Plan,
    views: Sequence[ViewPlan],
    root: Path,
    setting: Setting,
    progress: Callable[[str], None],
) -> list[tuple[Source, Rewritten]]:
    wanted = {name for view in views for name in view.functions}
    functions: dict[str, list[FunctionPlan]] = defaultdict(list)
    twins: dict[str, list[FunctionPlan]] = defaultdict(list)
    for function in {function.function: function for function in plan.functions}.values():
        if function.function in wanted:
            functions[function.file].append(function)
            for caller in function.callers:
                twins[caller].append(function)
    results: list[tuple[Source, Rewritten]] = []
    for path in sorted({*functions, *twins}):
        progress(f"rewriting {path}")
        source = read_source(root, path)
        results.append((source, rewrite_file(source, functions[path], twins[path], setting)))
    return results


def first_party_packages(root: Path) -> frozenset[str]:
    """The top-level names that the project itself holds: its modules and folders."""
    return frozenset(
        entry.stem if entry.suffix == ".py" else entry.name
        for entry in root.iterdir()
        if entry.suffix == ".py" or entry.is_dir()
    )
