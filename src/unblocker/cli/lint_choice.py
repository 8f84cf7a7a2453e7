"""Which rules of the linter the project wants: `[tool.django-unblock.lint]`."""

from dataclasses import replace

from unblocker.config import Lint
from unblocker.errors import UnblockError
from unblocker.records.survey import Survey
from unblocker.report.codes import code_page

FIRST, BEHIND_LAST = "U302", "U339"


def check_choice(choice: Lint) -> None:
    """Refuse a configuration that names a rule that does not exist (U002): it would silence nothing."""
    for code in (*choice.select, *choice.ignore):
        if not FIRST <= code < BEHIND_LAST or code_page(code) is None:
            raise UnblockError(
                "U002",
                f"[tool.django-unblock.lint] names {code}, which is no rule of the linter",
                hint="The documentation lists the rules: docs/linting.md.",
            )


def with_chosen_findings(survey: Survey, choice: Lint) -> Survey:
    """The survey with the findings of the rules that are wanted."""
    findings = (
        one
        for one in survey.findings
        if one.code not in choice.ignore and (not choice.select or one.code in choice.select)
    )
    return replace(survey, findings=tuple(findings))
