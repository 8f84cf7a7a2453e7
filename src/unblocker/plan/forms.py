"""How one operation becomes asynchronous in its place, or why it can't."""

from dataclasses import dataclass

from unblocker.plan.facts import BLOCKING, UNKNOWN_CALL, Facts
from unblocker.records.plan import Accepted, Await, Reason
from unblocker.records.survey import Operation


@dataclass(frozen=True, slots=True)
class Formed:
    """What becomes of an operation: an edit, nothing (the bridge carries it), or an impediment."""

    edit: Await | None = None
    accepted: Accepted | None = None
    impediment: Reason | None = None


CARRIED = Formed()


def form_of(operation: Operation, facts: Facts, *, wait_for_mail: bool) -> Formed:
    """The form of an operation that is in the catalog; calls of project functions are not decided here."""
    if operation.entry == UNKNOWN_CALL:
        return impeded("U214", f"it is not known what {operation.label} does", operation)
    entry = facts.entry(operation)
    if entry is None or entry.form is None or operation.implicit:
        return blocked_or_carried(operation)
    if entry.form == "background":
        return off_the_path(operation, wait_for_mail=wait_for_mail)
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


def off_the_path(operation: Operation, *, wait_for_mail: bool) -> Formed:
    """Mail leaves the response's path, unless its result is used, or it is to be waited for.

    In a lambda, where no await is legal, the background is all there is.
    """
    if operation.scope != "closed" and (operation.value_used or wait_for_mail):
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
