"""What a loaded project's models say to `explain`: which attributes are relations, and to what."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from unblocker.explain.model_facts import Kind, ModelFacts, Relation

if TYPE_CHECKING:
    from django.db.models import Model


def model_facts(root: Path, settings: str | None) -> ModelFacts:
    """The relations of all models of the project.

    Raises:
        UnblockError: the project can't be loaded (see `load_project`).
    """
    from django.apps import apps

    from unblocker.config import load_config
    from unblocker.survey.project import load_project

    load_project(root, settings or load_config(root).settings)
    return ModelFacts(tuple(one for model in apps.get_models() for one in _relations(model)))


def _relations(model: "type[Model]") -> Iterator[Relation]:
    from unblocker.survey.models import relations

    kinds: dict[str, Kind] = {"forward": "foreign key", "reverse-one": "reverse one-to-one"}
    for relation in relations(model).values():
        if relation.kind in kinds:
            kind = (
                "one-to-one"
                if relation.kind == "forward" and relation.back
                else kinds[relation.kind]
            )
            yield Relation(model._meta.label, relation.name, kind, relation.model._meta.label)
