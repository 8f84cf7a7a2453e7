"""What is done between the steps of loading a project: nothing, where it is loaded as it is."""

from unblocker.survey.sources import Sources


class Loading:
    """Told of each step; made other where parts of the project may be missing."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    def settings_are_there(self) -> None:
        """The settings module was imported; the apps were not."""

    def apps_are_there(self) -> None:
        """Django is set up; the URLconf was not imported."""
