"""How one operation becomes asynchronous in its place, or why it can't."""

from dataclasses import dataclass
from typing import Literal

from unblocker.plan.facts import BLOCKING, UNKNOWN_CALL, Facts
from unblocker.records.plan import Accepted, Await, Reason
from unblocker.records.survey import Operation

type MailForm = Literal["background", "await", "hooks only"]
"""Where mail is sent: behind the response; in its place; in its place unless an `on_commit` hook sends it."""


@dataclass(frozen=True, slots=True)
class Formed:
    """What becomes of an operation: an edit, nothing (the bridge carries it), or an impediment."""

    edit: Await | None = None
    accepted: Accepted | None = None
    impediment: Reason | None = None


CARRIED = Formed()


def form_of(operation: Operation, facts: Facts, *, mail: MailForm) -> Formed:
    """The form of an operation that is in the catalog; calls of project functions are not decided here."""
    if operation.entry == UNKNOWN_CALL:
        return impeded("U214", f"it is not known what {operation.label} does", operation)
    entry = facts.entry(operation)
    if entry is None or entry.form is None or operation.implicit:
        return blocked_or_carried(operation)
    if entry.form == "background":
        return off_the_path(operation, mail=mail)
    if operation.scope == "closed":
        return blocked_or_carried(operation)
    if entry.form == "unblock" and operation.scope == "comprehension":
        return CARRIED
    return Formed(edit=Await(operation.place, entry.form, entry.becomes))


def blocked_or_carried(operation: Operation) -> Formed:
    """It keeps its form, which is right only if it does not hold the event loop's thread."""
    if operation.kind not in BLOCKING:
        return CARRIED
    if operation.scope == "closed":
        return impeded("U216", f"{operation.label} stands where no await is legal", operation)
    return impeded("U215", f"{operation.label} blocks and has no asynchronous form", operation)


def off_the_path(operation: Operation, *, mail: MailForm) -> Formed:
    """Mail leaves the response's path, unless its result is used, its failure is handled, or the project says no."""
    if operation.scope == "closed":
        if mail == "await":
            return impeded("U216", f"{operation.label} stands where no await is legal", operation)
    elif operation.value_used or mail != "background":
        return Formed(edit=Await(operation.place, "offload"))
    return Formed(
        edit=Await(operation.place, "background"),
        accepted=Accepted(
            "U501",
            f"{operation.label} no longer holds the response; a failure is logged instead of raised",
            operation.place,
        ),
    )


def impeded(code: str, text: str, operation: Operation) -> Formed:
    """The operation keeps its function from being rewritten."""
    return Formed(impediment=Reason(code, text, operation.place))
