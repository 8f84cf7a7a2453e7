import difflib

from hypothesis import given
from hypothesis import strategies as st

from unblocker.records.changeset import FileChange
from unblocker.report.diffs import file_diff

texts = st.lists(st.sampled_from(["a", "b", "-c", "+d", "@@", ""])).map("\n".join)


def change(before, after):
    return FileChange("a.py", "utf-8", before, after)


@given(texts, texts)
def test_old_and_new_lines_rebuild_both_texts(before, after):
    lines = file_diff(change(before, after), context=1000).lines
    if before == after:
        assert lines == ()
        return
    for kinds, text in ((("same", "gone"), before), (("same", "new"), after)):
        rebuilt = [line.text.split("\n\\ No newline")[0] for line in lines if line.kind in kinds]
        assert rebuilt == (text.removesuffix("\n").split("\n") if text else [])


def test_lines_are_numbered_on_their_own_side():
    diff = file_diff(change("one\ntwo\nthree\n", "one\n2\n2b\nthree\n"))
    assert [(line.kind, line.before, line.after) for line in diff.lines] == [
        ("hunk", None, None),
        ("same", 1, 1),
        ("gone", 2, None),
        ("new", None, 2),
        ("new", None, 3),
        ("same", 3, 4),
    ]
    assert (diff.added, diff.removed, diff.is_new) == (2, 1, False)


def test_a_new_file_has_only_new_lines():
    diff = file_diff(change(None, "one\ntwo\n"))
    assert diff.is_new
    assert [line.kind for line in diff.lines] == ["hunk", "new", "new"]


def test_far_changes_get_a_hunk_each():
    before = [str(number) for number in range(40)]
    after = ["first", *before[1:-1], "last"]
    diff = file_diff(change("\n".join(before) + "\n", "\n".join(after) + "\n"))
    assert sum(line.kind == "hunk" for line in diff.lines) == 2
    assert len(diff.lines) == len(list(difflib.unified_diff(before, after))) - 2


def test_a_carriage_return_that_goes_is_a_change():
    diff = file_diff(change("one\r\n", "one\n"))
    assert (diff.added, diff.removed) == (1, 1)
