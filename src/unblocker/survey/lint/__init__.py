"""What goes wrong in async code that exists already."""

from unblocker.survey.lint.lint import lint_project

__all__ = ["lint_project"]
