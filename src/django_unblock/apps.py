"""The runtime's AppConfig."""

from django.apps import AppConfig


class DjangoUnblockConfig(AppConfig):
    """Readies the runtime when the project's apps are: patches, system checks, signals."""

    name = "django_unblock"
    verbose_name = "django-unblock"

    def ready(self) -> None:
        """Apply the patches; importing the others registers their checks and signal receivers."""
        from django_unblock import background_work, checks, patches, watch  # noqa: F401  imported to register

        patches.apply()
