"""One error and everything that is known of where it comes from."""

from dataclasses import dataclass

from unblocker.explain.model_facts import ModelFacts
from unblocker.explain.reports import Frame, Report
from unblocker.explain.source_files import SourceFiles, is_own
from unblocker.explain.spots import Spot, spot_of


@dataclass(frozen=True, slots=True)
class Case:
    """One error.

    Attributes:
        spot: the innermost line of the project.
        outer: the line of the project that called the function of `spot`, None where it is the outermost.
        called: the calls below the spot, into Django and other packages, outermost first.
        chain: the reports before this one in its chain.
    """

    report: Report
    spot: Spot | None
    outer: Spot | None
    called: tuple[Frame, ...]
    chain: tuple[Report, ...]
    sources: SourceFiles
    models: ModelFacts

    def passes(self, file: str, *functions: str) -> bool:
        """Whether a call below the spot is in a file of that ending, in one of the functions if any are named."""
        return any(
            frame.file.replace("\\", "/").endswith(file)
            and (not functions or frame.function in functions)
            for frame in self.called
        )


def make_case(
    report: Report, chain: tuple[Report, ...], sources: SourceFiles, models: ModelFacts
) -> Case:
    """The case of one report."""
    own = [at for at, frame in enumerate(report.frames) if is_own(frame.file)]
    carets = any(frame.span for frame in report.frames)
    spots = [spot_of(report.frames[at], sources, carets=carets) for at in own[-2:]]
    return Case(
        report=report,
        spot=spots[-1] if spots else None,
        outer=spots[-2] if len(spots) > 1 else None,
        called=report.frames[own[-1] + 1 :] if own else report.frames,
        chain=chain,
        sources=sources,
        models=models,
    )
