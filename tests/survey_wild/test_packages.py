import pytest

from tools.survey_wild.packages import SERIES, Package, locked, table, version

PACKAGES = table().packages


def test_the_forty_most_downloaded_and_in_their_order() -> None:
    ranks = [package.rank for package in PACKAGES if package.rank is not None]
    assert len(ranks) >= 40
    assert ranks[:40] == sorted(ranks)[:40]
    assert len({package.name for package in PACKAGES}) == len(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_each_is_pinned_and_has_urls_and_a_reason(package: Package) -> None:
    assert package.django in SERIES
    lines = locked(package.django)
    assert version(package.name, lines)
    assert version("django", lines).startswith(package.django)
    assert bool(package.urls) != bool(package.include)
    assert package.why


def test_a_version_is_found_however_the_name_is_written() -> None:
    lines = ("djangorestframework-simplejwt==5.5.1", "Some_Thing[a,b]==2 ; python_version > '3'")
    assert version("some.thing", lines) == "2"
    with pytest.raises(KeyError):
        version("djangorestframework", lines)
