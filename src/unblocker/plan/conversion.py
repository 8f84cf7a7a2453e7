"""How a function is converted: its edits, the helpers that must be converted with it, or what stands in the way.

A helper is *carried* where nothing in it blocks and nothing in it overlaps: it stays as it is and is called through
`unblock`. Otherwise it gets an asynchronous form of its own. Conversions are worked out once per function, helpers
first; a cycle of calls is carried or an impediment, never followed twice.
"""

from dataclasses import dataclass, field

from unblocker.config import Config
from unblocker.plan.body import Body, body_of
from unblocker.plan.facts import BLOCKING, PROJECT_CALL, Facts, may_block, operations
from unblocker.plan.forms import MailForm, form_of
from unblocker.plan.loads import groups_with_loads
from unblocker.plan.loops import LIMIT, may_end_early, overlapping_call
from unblocker.records.plan import (
    Accepted,
    AtomicBlock,
    Await,
    FunctionPlan,
    Group,
    Loop,
    Reason,
)
from unblocker.records.survey import Block, Decorator, Function, Operation, Step


@dataclass(frozen=True, slots=True)
class Conversion:
    """One function's edits (as if it became a twin), the helpers that it needs converted, and what is in the way."""

    plan: FunctionPlan
    helpers: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    impediments: tuple[Reason, ...] = ()
    blocks: bool = False

    @property
    def overlaps(self) -> bool:
        """Something in it runs at the same time."""
        return bool(self.plan.groups or self.plan.loops)

    @property
    def carried(self) -> bool:
        """The bridge carries it as it is: it needs no form of its own."""
        return not (self.blocks or self.overlaps or self.helpers)


@dataclass(frozen=True, slots=True)
class Around:
    """What a block stands in: a transaction; a `try` whose handlers answer for what goes wrong in it."""

    atomic: bool = False
    caught: bool = False

    def inside(self, step: Step, block: Block) -> "Around":
        """The same for a block of the step."""
        handled = block.kind == "body" and any(one.kind == "handler" for one in step.blocks)
        return Around(self.atomic or step.atomic, self.caught or handled)


@dataclass(slots=True)
class Draft:
    """A conversion while a function's steps are walked."""

    body: Body
    awaits: list[Await] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    atomics: list[AtomicBlock] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    impediments: list[Reason] = field(default_factory=list)
    recursive: bool = False


class Converter:
    """Works out conversions over one survey."""

    def __init__(self, facts: Facts, config: Config) -> None:
        self.facts = facts
        self.config = config
        self._done: dict[str, Conversion] = {}
        self._under_way: set[str] = set()

    def convert(self, function: Function) -> Conversion:
        """The function's conversion; the same object however often it is asked for."""
        if function.id not in self._done:
            self._under_way.add(function.id)
            self._done[function.id] = self._work_out(function)
            self._under_way.discard(function.id)
        return self._done[function.id]

    def _work_out(self, function: Function) -> Conversion:
        draft = Draft(body_of(function.steps))
        draft.impediments.extend(impediments_of(function))
        self._walk(function.steps, function, draft, Around())
        if draft.recursive:  # it calls itself by its synchronous form, which it must keep
            draft.groups, draft.loops = [], []
        plan = FunctionPlan(
            function=function.id,
            file=function.place.file,
            place=function.place,
            name=twin_name(function.name),
            twin=True,
            awaits=tuple(draft.awaits),
            groups=tuple(draft.groups),
            loops=tuple(draft.loops),
            atomics=tuple(draft.atomics),
        )
        return Conversion(
            plan,
            helpers=tuple(dict.fromkeys(draft.helpers)),
            accepted=tuple(draft.accepted),
            impediments=tuple(draft.impediments),
            blocks=any(may_block(one) for one in operations(function.steps)),
        )

    def _walk(
        self, block: tuple[Step, ...], function: Function, draft: Draft, around: Around
    ) -> None:
        """Plan a block: its groups (none inside a transaction, rule 5), its steps' forms, and the blocks inside."""
        if not around.atomic:
            draft.groups.extend(groups_with_loads(block, draft.body))
        for step in block:
            serial = around.atomic or self.config.loops == "serial"
            eager = self.config.loops == "eager"
            ahead = None if serial else overlapping_call(step, eager=eager)
            for operation in step.operations:
                self._plan_operation(operation, step, draft, around)
            for inner in step.blocks:
                self._walk(inner.steps, function, draft, around.inside(step, inner))
            if ahead is not None:
                self._start_ahead(ahead, step, draft)

    def _plan_operation(
        self, operation: Operation, step: Step, draft: Draft, around: Around
    ) -> None:
        if step.atomic and operation.kind == "transaction":
            draft.atomics.append(AtomicBlock(operation.place))
        elif operation.entry == PROJECT_CALL:
            self._plan_call(operation, draft, around)
        else:
            formed = form_of(operation, self.facts, mail=self._mail(around))
            draft.awaits.extend([formed.edit] if formed.edit else [])
            draft.accepted.extend([formed.accepted] if formed.accepted else [])
            draft.impediments.extend([formed.impediment] if formed.impediment else [])

    def _mail(self, around: Around) -> MailForm:
        if (around.atomic or around.caught) and self.config.mail == "background":
            return "hooks only"
        return self.config.mail

    def _plan_call(self, operation: Operation, draft: Draft, around: Around) -> None:
        """A call of a project function: bridged as it is, or made a call of its asynchronous form."""
        callee = self.facts.callee(operation)
        if callee is not None and callee.id in self.facts.handlers:
            self._plan_call_of_handler(operation, callee, draft)
            return
        if callee is None or callee.id in self._under_way:
            self._plan_unfollowed(operation, callee, draft)
            return
        conversion = self.convert(callee)
        if conversion.carried or (conversion.impediments and not holds_thread(conversion)):
            self._bridge(operation, draft)
        elif conversion.impediments or self._is_other_method(callee) or operation.implicit:
            draft.impediments.append(blocked_helper(operation, callee, conversion))
        elif operation.scope == "closed":
            self._hand_over(operation, callee, conversion, draft)
        elif is_replaced_by_tests(callee):
            draft.awaits.append(Await(operation.place, "offload"))
        elif around.caught and any(one.code == "U501" for one in conversion.accepted):
            text = f"{operation.label} sends mail, and what goes wrong then is handled here"
            draft.impediments.append(Reason("U541", text, operation.place))
        else:
            draft.awaits.append(Await(operation.place, "twin", callee.id))
            draft.helpers.append(callee.id)
            draft.accepted.extend(conversion.accepted)

    def _plan_call_of_handler(self, operation: Operation, callee: Function, draft: Draft) -> None:
        """It has one form only, which is asynchronous if the caller's is: its classes are converted together."""
        if operation.implicit or operation.scope == "closed":
            text = f"{operation.label} stands where no await is legal"
            draft.impediments.append(Reason("U216", text, operation.place))
            return
        draft.awaits.append(Await(operation.place, "twin", callee.id))
        draft.helpers.append(callee.id)
        if callee.id not in self._under_way:
            conversion = self.convert(callee)
            draft.accepted.extend(conversion.accepted)
            draft.impediments.extend(conversion.impediments)

    def _is_other_method(self, callee: Function) -> bool:
        """Whether it is a method, and not one of a view's, which may have an asynchronous twin."""
        return callee.is_method and not self.facts.is_of_view(callee)

    def _bridge(self, operation: Operation, draft: Draft) -> None:
        if not operation.implicit and operation.scope == "body":
            draft.awaits.append(Await(operation.place, "unblock"))

    def _plan_unfollowed(self, operation: Operation, callee: Function | None, draft: Draft) -> None:
        """A call that closes a cycle, or whose source the survey has not got."""
        if callee is not None and not any(one.kind in BLOCKING for one in operations(callee.steps)):
            draft.recursive = True
            self._bridge(operation, draft)
            return
        text = f"{operation.label} calls itself" if callee else f"{operation.label} has no source"
        draft.impediments.append(Reason("U217", text, operation.place))

    def _hand_over(
        self, operation: Operation, callee: Function, conversion: Conversion, draft: Draft
    ) -> None:
        """Where no await is legal (an `on_commit` lambda), work whose result nobody looks at goes to the background."""
        if operation.value_used or not conversion.accepted:
            text = f"{operation.label} stands where no await is legal"
            draft.impediments.append(Reason("U216", text, operation.place))
            return
        draft.awaits.append(Await(operation.place, "background", callee.id))
        draft.helpers.append(callee.id)
        draft.accepted.extend(conversion.accepted)

    def _start_ahead(self, operation: Operation, loop: Step, draft: Draft) -> None:
        """Turn the call's await into the loop's call that starts ahead."""
        edit = next((one for one in draft.awaits if one.place == operation.place), None)
        if edit is None or edit.form not in ("function", "method", "twin"):
            return
        draft.awaits.remove(edit)
        note = (
            f"The calls of this loop run at the same time, {LIMIT} at most; answers come in order."
        )
        draft.loops.append(Loop(loop.id, edit, LIMIT, note))
        ends = "the loop is left" if may_end_early(loop) else "an error ends the loop"
        text = f"{operation.label}: calls for later items have already been made when {ends}"
        draft.accepted.append(Accepted("U502", text, loop.place))


def is_replaced_by_tests(function: Function) -> bool:
    """Whether a test names it without calling it, as `mock.patch("shop.views.rates")` does: its name must be called."""
    return any(one.kind == "test" and not one.called for one in function.references)


def twin_name(name: str) -> str:
    """Django's `a` prefix, behind a leading underscore where the name has one."""
    bare = name.lstrip("_")
    return f"{name[: len(name) - len(bare)]}a{bare}"


def impediments_of(function: Function) -> list[Reason]:
    """What keeps the function as a whole from being rewritten."""
    found = [Reason(one.code, one.text, one.place) for one in function.obstacles]
    found.extend(reason for one in function.decorators if (reason := bad_decorator(one)))
    if function.is_async:
        found.append(Reason("U207", "it is asynchronous already", function.place))
    if function.is_method and function.name == "__call__":
        text = "Django takes an object for a synchronous view, whatever its __call__ is"
        found.append(Reason("U540", text, function.place))
    return found


def bad_decorator(decorator: Decorator) -> Reason | None:
    """Why the decorator can't go around an `async def`, if it can't."""
    match decorator.safety:
        case "async-safe":
            return None
        case "sync-only":
            return Reason("U211", f"@{decorator.name} serves sync views only", decorator.place)
        case "project" | "third-party" | "unknown":
            text = f"@{decorator.name} is not known to serve async views"
            return Reason("U212", text, decorator.place)


def blocked_helper(operation: Operation, callee: Function, conversion: Conversion) -> Reason:
    """Why the helper that blocks can't get an asynchronous form."""
    if conversion.impediments:
        first = conversion.impediments[0]
        return Reason(first.code, f"{operation.label}: {first.text}", first.place)
    if operation.implicit:
        return Reason(
            "U216", f"{operation.label} blocks and is not called by name", operation.place
        )
    return Reason("U218", f"{callee.name} is a method that blocks", operation.place)


def holds_thread(conversion: Conversion) -> bool:
    """It blocks in a way that the bridge can't carry, itself or through a helper."""
    return conversion.blocks or bool(conversion.helpers)
