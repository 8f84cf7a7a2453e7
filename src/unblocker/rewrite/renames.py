"""Names that go with a family: `requests.Timeout` becomes `http.Timeout`."""

from unblocker.records.plan import FunctionPlan, Renaming
from unblocker.rewrite.awaits import always
from unblocker.rewrite.draft import Draft


def add_renaming(draft: Draft, function: FunctionPlan, renaming: Renaming) -> None:
    """Let `draft` put the new name, imported as needed, at the renaming's place."""
    expression = draft.tree.expression_at(renaming.place)
    if expression is None:
        text = "the plan has a name here, the source has none"
        draft.fail(function.function, "U601", text, renaming.place)
        return
    name = draft.references.name(renaming.name, instead_of=expression)
    draft.on(expression, always(name.with_changes(lpar=expression.lpar, rpar=expression.rpar)))
