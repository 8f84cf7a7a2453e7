"""`python -m tools.tracebacks`: make every mistake that `explain` knows, and keep the tracebacks for the tests."""

import sys

from tools.tracebacks.recording import FOLDER, record_all
from unblocker.explain.knowledge import examples


def main() -> int:
    """Write all files anew; 1 where an example gave no traceback."""
    wanted = {f"{entry}.{one.name}": one for entry, one in examples()}
    recorded = record_all(wanted)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name, text in recorded.items():
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")
    empty = [name for name, text in recorded.items() if not text.strip()]
    sys.stdout.write(f"{len(recorded)} tracebacks\n")
    for name in empty:
        sys.stderr.write(f"{name} gave no traceback\n")
    return 1 if empty else 0


if __name__ == "__main__":
    sys.exit(main())
