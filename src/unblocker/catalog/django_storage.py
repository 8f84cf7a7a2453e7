"""Django's file storages, default_storage and the files of file fields."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_OWNERS = ("django.core.files.storage.default_storage", "django.core.files.storage.base.Storage")
_FIELD_FILE = "django.db.models.fields.files.FieldFile"


def _calls(*names: str) -> tuple[str, ...]:
    return tuple(f"{owner}.{name}" for owner in _OWNERS for name in names)


FAMILY = Family(
    name="django_storage",
    title="File storage",
    summary="Storages are synchronous, on disk or in a bucket: their calls go to a worker thread with `offload`.",
    entries=(
        Entry(
            "read",
            (
                *_calls("open", "exists", "listdir", "size", "get_accessed_time", "get_created_time",
                        "get_modified_time", "get_available_name"),
                f"{_FIELD_FILE}.open",
                f"{_FIELD_FILE}.read",
            ),
            "storage",
            "offload",
            reads=("files",),
            examples=(
                Example(
                    'there = default_storage.exists("a.txt")\n'
                    'return JsonResponse({"there": there})',
                    'there = default_storage.exists("a.txt")\n'
                    'return JsonResponse({"there": there})',
                    why="One look at the storage: there is nothing to overlap.",
                ),
            ),
        ),
        Entry(
            "write",
            _calls("save", "delete"),
            "storage",
            "offload",
            reads=("files",),
            writes=("files",),
        ),
        Entry(
            "field_file",
            (f"{_FIELD_FILE}.save", f"{_FIELD_FILE}.delete"),
            "storage",
            "offload",
            reads=("files", "unknown"),
            writes=("files", "unknown"),
            differs="Saves the model instance too, unless `save=False`.",
        ),
    ),
    harmless=(Harmless((*_calls("url", "path", "generate_filename", "get_valid_name"), f"{_FIELD_FILE}.*")),),
)  # fmt: skip
