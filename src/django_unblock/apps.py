"""The runtime's AppConfig."""

from django.apps import AppConfig


class DjangoUnblockConfig(AppConfig):
    """Applies the runtime's patches when the project's apps are ready."""

    name = "django_unblock"
    verbose_name = "django-unblock"

    def ready(self) -> None:
        """Apply the patches."""
        from django_unblock import patches

        patches.apply()
