import pytest

from unblocker.records.report import Surveyed


@pytest.fixture(scope="session")
def surveyed(survey, plan):
    """The small shop, surveyed and planned."""
    return Surveyed(survey, plan, 1.25)
