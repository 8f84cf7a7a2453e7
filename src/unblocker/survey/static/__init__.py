"""The project from its source alone: its modules are built from what stands in them, and no code of it is run.

Where Python would run a module, its top-level statements are evaluated instead, as far as they are made of literals,
names and calls of Django: that is what settings, URLconfs, models, forms and class-based views are made of. Functions
get a body that does nothing. So the rest of the survey finds the objects that it finds in a loaded project.
"""

from unblocker.survey.static.loading import FromSource, from_source

__all__ = ["FromSource", "from_source"]
