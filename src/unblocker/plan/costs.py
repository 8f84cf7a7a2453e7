"""The cost model: how many milliseconds an operation of each kind is taken to last."""

from dataclasses import dataclass

from unblocker.records.survey import OperationKind


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds per operation, by kind, and how many turns a loop is taken to make.

    The defaults are those of a database in the same data centre and of other people's APIs across the internet.
    `[tool.django-unblock.costs]` sets them.
    """

    query: float = 5.0
    http: float = 100.0
    mail: float = 200.0
    storage: float = 80.0
    cache: float = 1.0
    subprocess: float = 50.0
    sleep: float = 100.0
    cpu: float = 50.0
    loop_turns: int = 5

    def of(self, kind: OperationKind) -> float:
        """Milliseconds of one operation; 0 for kinds that are made of others (templates, helpers, transactions)."""
        match kind:
            case "template" | "helper" | "transaction":
                return 0.0
            case _:
                return float(getattr(self, kind))
