"""The published projects that the tables are of: exact versions, of an sdist that is known by its hash."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Project:
    """A project.

    Attributes:
        requirements: what it needs to be loaded, pinned; it is not installed itself.
        settings: the file in `site/settings/` that it is surveyed with.
    """

    name: str
    version: str
    sha256: str
    requirements: tuple[str, ...]
    settings: str

    @property
    def table(self) -> Path:
        """The facts that a reader of the source expects."""
        return HERE / "expected" / f"{self.name}.txt"


PROJECTS = (
    Project(
        "punkweb-bb",
        "0.5.2",
        "4eaff09450be2bd14fc2a021605b74ab195cb42564e2ae97d782a5a1c4036461",
        ("Django==6.1", "bbcode==1.1.0", "expiringdict==1.2.2", "Markdown==3.11.3", "pillow==13.0.0"),
        "punkweb_bb.py",
    ),
    Project(
        "django-todo",
        "2.7.0",
        "7390915d2460e7298f1d33c217c64d675ffbd009cb4aea03e4404628bf8dda0c",
        ("Django==6.1", "bleach==6.4.0", "django-autocomplete-light==5.0.0"),
        "todo.py",
    ),
    Project(
        "django-helpdesk",
        "1.8.0",
        "debe7fa8f57214dfa222da0ae0de63eb8060894461c51aa70ee2d5d39b0c1e64",
        (
            "Django==6.1", "akismet==25.10.1", "beautifulsoup4==4.15.0", "django-bootstrap4-form==4.0.2",
            "django-model-utils==5.0.0", "djangorestframework==3.18.3", "email-reply-parser==0.5.12", "lxml==6.1.3",
            "markdown==3.11.3", "oauthlib==4.0.1", "packaging==26.3", "pytz==2026.6", "requests==2.34.2",
            "requests-oauthlib==2.0.0",
        ),
        "helpdesk.py",
    ),
    Project(
        "dj-rest-auth",
        "7.2.0",
        "f77af37da5cf6ee28f03f283a378a2f5761860e72d1d6f2fa3d50e6286000482",
        ("Django==6.1", "djangorestframework==3.18.3"),
        "dj_rest_auth.py",
    ),
    Project(
        "django-crm-admin",
        "3.1.0",
        "3de2268c9364b5f85a3b907261c74f226e5a286dcd45be640eb3e4b2c2eb7bcc",
        (
            "Django==6.0.8", "geoip2==5.3.0", "openpyxl==3.1.5", "pandas==3.0.6", "pillow==12.3.0",
            "python-dateutil==2.9.0.post0", "pytz==2026.5", "requests==2.34.2", "tendo==0.3.0", "XlsxWriter==3.2.9",
        ),
        "crm.py",
    ),
    Project(
        "django-spirit",
        "0.14.3",
        "2792f92583f8f4d77c77dc656da8893ef90c03b425418fbbe0e9c98311dd6d19",
        (
            "Django==6.0.10", "Pillow==12.3.0", "Whoosh==2.7.4", "django-djconfig==0.11.0", "django-haystack==3.4.0",
            "django-infinite-scroll-pagination==1.3.0", "mistune==0.8.4", "setuptools==80.9.0", "tzdata==2025.2",
        ),
        "spirit.py",
    ),
    Project(
        "django-friendship",
        "1.12.0",
        "54b4772efd297ec2d208abc35584901fcf4d51dff7f6e6b38235f588d3d64aae",
        ("Django==6.1",),
        "friendship.py",
    ),
)  # fmt: skip
