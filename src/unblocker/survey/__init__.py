"""The survey: what every view of a Django project does to the outside world."""

from unblocker.survey.survey import survey_project, survey_source

__all__ = ["survey_project", "survey_source"]
