"""The programs are Python, each its own, and the same for the same seed."""

import ast

from tools.fuzz_convert.smaller import _without_a_statement
from tools.fuzz_convert.writer import IMPORTS, write

SEEDS = range(300)


def test_a_seed_writes_the_same_program_again():
    assert [write(seed) for seed in SEEDS] == [write(seed) for seed in SEEDS]


def test_programs_compile_with_their_imports():
    for seed in SEEDS:
        compile(IMPORTS + write(seed).source, f"<program {seed}>", "exec")


def test_every_kind_of_statement_is_written():
    written = "".join(write(seed).source for seed in SEEDS)
    for piece in (
        "for book_",
        "with transaction.atomic():",
        "try:",
        "get_object_or_404(",
        "requests.post(",
        "send_mail(",
        "messages.info(",
        "request.session[",
        "cache.get(",
        "return HttpResponseForbidden()",
        "return render(",
        "_helper_",
        ".save()",
        ".author.name",
    ):
        assert piece in written


def test_a_smaller_program_has_a_statement_less_and_a_name_of_its_own():
    program = write(12)
    candidates = list(_without_a_statement(program))
    assert len({candidate.name for candidate in candidates}) == len(candidates) > 3
    for candidate in candidates:
        compile(candidate.source, candidate.name, "exec")
        assert _statements(candidate.source) <= _statements(program.source)


def _statements(source):
    return sum(isinstance(node, ast.stmt) for node in ast.walk(ast.parse(source)))
