"""Files on the server's own disk."""

from unblocker.catalog.base import Entry, Example, Family

_PATH = "pathlib.Path"
_FILE = "io.TextIOWrapper"


def _path(*names: str) -> tuple[str, ...]:
    return tuple(f"{_PATH}.{name}" for name in names)


FAMILY = Family(
    name="files",
    title="Local files",
    summary="Local disks are quick and have no async interface; calls go to a worker thread where it is worth it.",
    entries=(
        Entry(
            "open",
            ("builtins.open", "io.open", f"{_PATH}.open"),
            "storage",
            reads=("files",),
            writes=("files",),
            raises=("builtins.OSError",),
            returns="io.TextIOWrapper",
            differs="Left in place: the file object that comes back blocks as well.",
            examples=(
                Example(
                    'text = Path("terms.txt").read_text()\n'
                    'return JsonResponse({"text": text})',
                    'text = Path("terms.txt").read_text()\n'
                    'return JsonResponse({"text": text})',
                    why="A local file is read sooner than a thread is woken.",
                ),
            ),
        ),
        Entry(
            "read_open",
            tuple(f"{_FILE}.{name}" for name in ("read", "readline", "readlines")),
            "storage",
            reads=("files",),
            raises=("builtins.OSError",),
            differs="Left in place, as the file is open already.",
        ),
        Entry(
            "write_open",
            tuple(f"{_FILE}.{name}" for name in ("write", "writelines", "flush")),
            "storage",
            writes=("files",),
            raises=("builtins.OSError",),
            differs="Left in place, as the file is open already.",
        ),
        Entry(
            "read",
            (
                *_path("read_text", "read_bytes", "exists", "is_file", "is_dir", "stat", "iterdir", "glob", "rglob"),
                "os.listdir", "os.stat", "os.path.exists", "os.path.isfile", "os.path.getsize",
            ),
            "storage",
            "offload",
            reads=("files",),
            raises=("builtins.OSError",),
        ),
        Entry(
            "write",
            (
                *_path("write_text", "write_bytes", "mkdir", "unlink", "rename", "replace", "rmdir", "touch"),
                "os.remove", "os.unlink", "os.rename", "os.replace", "os.makedirs", "os.mkdir", "shutil.copy",
                "shutil.copyfile", "shutil.move", "shutil.rmtree",
            ),
            "storage",
            "offload",
            reads=("files",),
            writes=("files",),
            raises=("builtins.OSError",),
        ),
    ),
)  # fmt: skip
