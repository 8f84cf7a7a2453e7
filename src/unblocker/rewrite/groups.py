"""Groups of a plan: statements that become one `gather` or `load`, in synchronous code one `together`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst

from unblocker.records.asides import aside_of, statement_of
from unblocker.records.plan import Branch, FunctionPlan, Group
from unblocker.rewrite.asides import Aside, take_aside
from unblocker.rewrite.branches import Arm, direct_arm, load_arm, local_arm
from unblocker.rewrite.deferred import deferred_arm, loaded_arms, local_deferred_arm
from unblocker.rewrite.draft import Draft, Item
from unblocker.rewrite.layout import (
    BLANK,
    Argument,
    Layout,
    call_with_one_argument_a_line,
    enclosed,
    one_line_call,
)
from unblocker.rewrite.local_functions import NotMovableError
from unblocker.rewrite.statements import blank_lines_above, with_blank_lines
from unblocker.rewrite.tree import Statement


def add_group(
    draft: Draft, function: FunctionPlan, definition: cst.FunctionDef, group: Group
) -> None:
    """Let `draft` put the group's call before its anchor; where it can't be written, the steps stay in order."""
    steps = [group.anchor, *group.hoisted]
    steps += [step for branch in group.branches for step in branch.steps]
    found = {step: draft.tree.statement_at(statement_of(step)) for step in steps}
    missing = [step for step, statement in found.items() if statement is None]
    if missing:
        text = f"the plan has a statement at {missing[0]}, the source has none"
        draft.fail(function.function, "U601", text, draft.tree.place_of(definition))
        return
    statements = {step: statement for step, statement in found.items() if statement is not None}
    anchor = statements[group.anchor]
    block = draft.block_of(anchor)
    if any(draft.block_of(statement) is not block for statement in statements.values()):
        _refuse(draft, anchor, "they stand in different blocks")
        return
    asides: dict[str, Aside] = {}
    for planned in filter(None, map(aside_of, statements)):
        aside = take_aside(draft, definition, statements[str(planned)], planned)
        if aside is None:
            text = f"the plan has an expression at {planned}, the source has none"
            draft.fail(function.function, "U601", text, draft.tree.place_of(definition))
            return
        asides[str(planned)] = aside
    draft.split.update(statements.values())
    layout = draft.layout_in(block)
    weaving = _Weaving(
        draft, definition, group, statements, asides, layout, is_async=function.is_async
    )
    draft.in_block(block, weaving)


def _refuse(draft: Draft, anchor: Statement, why: str) -> None:
    text = f"these operations stay one after the other: {why}"
    draft.problem("U603", text, draft.tree.place_of(anchor))


@dataclass(frozen=True, slots=True)
class _Weaving:
    """One group on its way into its block."""

    draft: Draft
    definition: cst.FunctionDef
    group: Group
    statements: dict[str, Statement]
    asides: dict[str, Aside]
    layout: Layout
    is_async: bool

    def __call__(self, items: Sequence[Item]) -> Sequence[Item]:
        standing = {item.original: item for item in items if item.original is not None}
        anchor = self.statements[self.group.anchor]
        if not {anchor, *self._moved()} <= standing.keys():
            _refuse(self.draft, anchor, "another group has taken one of them")
            return self._one_after_the_other(items)
        try:
            arms = self._arms(standing)
        except NotMovableError as error:
            _refuse(self.draft, anchor, str(error))
            return self._one_after_the_other(items)
        moved = self._moved()
        hoisted = [standing[self.statements[step]] for step in self.group.hoisted]
        new = [*hoisted, *(Item(None, node) for node in self._statements(arms))]
        return _placed(items, new, moved, anchor)

    def _one_after_the_other(self, items: Sequence[Item]) -> list[Item]:
        """The block with each part of a statement in front of it."""
        return [
            one
            for item in items
            for one in (
                *(
                    aside.item()
                    for aside in self.asides.values()
                    if aside.statement is item.original
                ),
                item,
            )
        ]

    def _moved(self) -> set[Statement]:
        steps = [step for branch in self.group.branches for step in branch.steps]
        return {
            self.statements[step]
            for step in (*self.group.hoisted, *steps)
            if step not in self.asides
        }

    def _arms(self, standing: dict[Statement, Item]) -> list[Arm]:
        arms: list[Arm] = []
        for planned in self.group.branches:
            if planned.loads:
                arms += [load_arm(self.draft, planned)] if self.is_async else loaded_arms(planned)
                continue
            branch = self._renamed(planned)
            own = [self._item(step, standing) for step in branch.steps]
            arms.append(self._arm(branch, own, first=not arms))
        return arms

    def _arm(self, branch: Branch, own: Sequence[Item], *, first: bool) -> Arm:
        if self.is_async:
            arm = direct_arm(self.draft, branch, own, first=first, layout=self.layout)
        else:
            arm = deferred_arm(self.draft, branch, own, self.definition, self.layout)
        if arm is not None:
            return arm
        taken = self.draft.taken_in(self.definition)
        local = local_arm if self.is_async else local_deferred_arm
        arm = local(branch, own, self.definition, taken, self.layout)
        taken.add(arm.name)
        return arm

    def _item(self, step: str, standing: dict[Statement, Item]) -> Item:
        aside = self.asides.get(step)
        return aside.item() if aside is not None else standing[self.statements[step]]

    def _renamed(self, branch: Branch) -> Branch:
        """The branch with the names that its parts of statements have got."""
        names = {
            planned.name: self.asides[step].name
            for step in branch.steps
            if (planned := aside_of(step)) is not None
        }
        return replace(branch, exports=tuple(names.get(one, one) for one in branch.exports))

    def _statements(self, arms: Sequence[Arm]) -> list[cst.BaseStatement]:
        before: list[cst.BaseStatement] = [arm.declaration for arm in arms if arm.declaration]
        before += [arm.definition for arm in arms if arm.definition]
        defines = any(arm.definition for arm in arms)
        line = self._loading() if self._only_loads() and self.is_async else self._gathering(arms)
        notes = self.layout.comment(self.group.note) if self.group.note else []
        blank = [BLANK] if defines else []
        return [*before, line.with_changes(leading_lines=[*blank, *notes])]

    def _only_loads(self) -> bool:
        return all(branch.loads for branch in self.group.branches)

    def _loading(self) -> cst.SimpleStatementLine:
        names = [name for branch in self.group.branches for name in branch.loads]
        return self._calling("load", [Argument(cst.Name(name)) for name in names], None)

    def _gathering(self, arms: Sequence[Arm]) -> cst.SimpleStatementLine:
        target: cst.Tuple | None = None
        if any(arm.target for arm in arms):
            unused = cst.Name(self._unused_name())
            elements = [cst.Element(enclosed(arm.target or unused)) for arm in arms]
            target = cst.Tuple(elements, lpar=(), rpar=())
        name = "gather" if self.is_async else "together"
        return self._calling(name, [arm.argument for arm in arms], target)

    def _unused_name(self) -> str:
        """`_`, but where that is the function's translation function."""
        return "_unused" if "_" in self.draft.taken_in(self.definition) else "_"

    def _calling(
        self, name: str, arguments: Sequence[Argument], target: cst.Tuple | None
    ) -> cst.SimpleStatementLine:
        func = self.draft.references.name(f"django_unblock.{name}")
        call = one_line_call(func, arguments)
        if call is not None:
            line = self._line(call, target)
            if self.layout.fits(line):
                return line
        return self._line(call_with_one_argument_a_line(func, arguments, self.layout), target)

    def _line(self, call: cst.Call, target: cst.Tuple | None) -> cst.SimpleStatementLine:
        return _line(cst.Await(call) if self.is_async else call, target)


def _line(value: cst.BaseExpression, target: cst.Tuple | None) -> cst.SimpleStatementLine:
    if target is None:
        return cst.SimpleStatementLine([cst.Expr(value)])
    return cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(target)], value)])


def _placed(
    items: Sequence[Item], new: Sequence[Item], moved: set[Statement], anchor: Statement
) -> list[Item]:
    """The block with `new` where the anchor stands and without the moved statements."""
    index = next(i for i, item in enumerate(items) if item.original is anchor)
    before = [item for item in items[:index] if item.original not in moved]
    behind = [item for item in items[index:] if item.original not in moved]
    if new:
        first = new[0].node
        blank = _blank_lines_for_first(items, index, moved) or (
            [BLANK] if isinstance(first, cst.FunctionDef) else []
        )
        new = [Item(new[0].original, with_blank_lines(first, blank if before else ())), *new[1:]]
    return [*before, *new, *behind]


def _blank_lines_for_first(
    items: Sequence[Item], index: int, moved: set[Statement]
) -> list[cst.EmptyLine]:
    """The blank lines of the statement whose place the first new one takes."""
    first = index
    while first > 0 and items[first - 1].original in moved:
        first -= 1
    taken = items[first]
    return blank_lines_above(taken.node) if taken.original in moved else []
