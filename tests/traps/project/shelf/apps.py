from django.apps import AppConfig


class ShelfConfig(AppConfig):
    name = "shelf"

    def ready(self):
        from shelf import signals  # noqa: F401
