"""The app; with it the journal is kept."""

from django.apps import AppConfig


class LendingConfig(AppConfig):
    """Connects the receivers."""

    name = "lending"

    def ready(self) -> None:
        """Keep the journal from now on."""
        from lending import journal  # noqa: F401
