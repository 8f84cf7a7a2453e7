"""The ASGI module: Django's application replaced by ours."""

import libcst as cst

from unblocker.rewrite.references import import_statements, imported_names, module_text
from unblocker.rewrite.splices import Splice
from unblocker.rewrite.tree import Tree

OURS = "django_unblock.asgi"
DJANGOS = "django.core.asgi"


def application_splices(tree: Tree) -> list[Splice] | None:
    """What imports `get_asgi_application` from us; already so: empty; not imported by name: None."""
    for statement in import_statements(tree.module):
        if isinstance(statement, cst.ImportFrom) and statement.module is not None:
            if "get_asgi_application" not in dict(imported_names(statement)):
                continue
            if module_text(statement) == OURS:
                return []
            if module_text(statement) == DJANGOS:
                place = tree.place_of(statement.module)
                return [Splice(tree.offsets.start(place), tree.offsets.end(place), OURS)]
    return None
