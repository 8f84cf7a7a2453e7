"""Lines outside the edited statements stay byte for byte."""

import pytest

from unblocker.rewrite import rewrite
from unblocker.rewrite.fidelity import with_original_lines

BODY = (
    "from .models import A\n\n\n"
    "x = {  'odd' :1 }   # spaced\n"
    "\x0c\n"
    "def other( a,b ) :\n"
    "\treturn '''one\ttwo\n  three ''' ; pass\n\n"
    "def view(request):\n"
    "\t# why\n"
    "\tn = A.objects.count()  # how many\n"
    "\treturn n\n"
    "\n\n\n"
    "y = 1 \\\n   + 2"
)
EDITED = {
    "def view(request):": "async def view(request):",
    "\tn = A.objects.count()  # how many": "\tn = await A.objects.acount()  # how many",
}


def mixed(text):
    """Line endings of all three kinds in turn."""
    endings = ["\r\n", "\n", "\r\n"]
    lines = text.split("\n")
    joined = [line + endings[i % 3] for i, line in enumerate(lines[:-1])]
    return "".join(joined) + lines[-1]


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
@pytest.mark.parametrize(
    "endings", [str, lambda text: text.replace("\n", "\r\n"), mixed], ids=["lf", "crlf", "mixed"]
)
def test_only_the_edited_lines_change(workshop, bom, endings):
    source = endings(BODY)
    workshop.write("views.py", source)
    entry = {"at": "A.objects.count(", "form": "method", "name": "acount"}
    function = workshop.function("views.py", {"function": "view", "awaits": [entry]})
    workshop.write("views.py", bom + source.encode())
    [change] = rewrite(workshop.plan([function]), workshop.root, lambda text: None).files
    before = (bom + source.encode()).splitlines(keepends=True)
    after = change.after.encode(change.encoding).splitlines(keepends=True)
    changed = {
        old.decode().strip("\ufeff\r\n"): new.decode().strip("\ufeff\r\n")
        for old, new in zip(before, after, strict=True)
        if old != new
    }
    assert changed == EDITED
    endings_before = [line[len(line.rstrip(b"\r\n")) :] for line in before]
    assert endings_before == [line[len(line.rstrip(b"\r\n")) :] for line in after]


def test_lines_that_libcst_changed_by_itself_come_back():
    assert with_original_lines("a\x0c\nb\nc\n", "a\nb\nc\n", "a\nB\nc\n") == "a\x0c\nB\nc\n"


def test_a_different_number_of_lines_is_refused():
    assert with_original_lines("a\nb\n", "a\n", "a\n") is None
