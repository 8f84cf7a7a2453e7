"""The same errors in every dress: logs, indentation, colours, JSON, groups, chains, pytest."""

import json
import re
import subprocess
import sys
from contextlib import suppress

import pytest

from tests.unblocker.explain.conftest import EXAMPLES, recorded
from unblocker.errors import UnblockError
from unblocker.explain import explain
from unblocker.explain.reading import LARGEST, decode

CALL = "orm_call.get"
CODE = EXAMPLES[CALL].code


def dressed(prefix):
    """The traceback with something before each of its lines; `{n}` counts them."""
    lines = recorded(CALL).splitlines()
    return "\n".join(prefix.format(n=f"{n:02}") + line for n, line in enumerate(lines))


def assert_found(found):
    [one] = found.explained
    assert found.unexplained == ()
    assert (one.code, one.expression) == ("U340", "Order.objects.get(pk=1)")
    assert (one.place.line, one.place.column, one.place.end_column) == (6, 12, 35)


@pytest.mark.parametrize(
    "prefix",
    [
        "        ",
        "web-1  | ",
        "2026-11-22T10:00:{n}.123456Z ",
        "web-1  | 2026-11-22 10:00:{n},123 [1{n}] ERROR ",
        "Nov 22 10:00:{n} host gunicorn[{n}]: ",
        "> ",
    ],
)
def test_prefixes_of_log_lines(shop, prefix):
    assert_found(shop(dressed(prefix), CODE))


def test_a_number_in_the_prefix_may_grow_longer(shop):
    lines = recorded(CALL).splitlines()
    assert_found(shop("\n".join(f"[{n}] {line}" for n, line in enumerate(lines, 6)), CODE))


def test_a_prefix_on_the_first_line_only(shop):
    text = recorded(CALL).replace("Traceback", "2026-11-22 ERROR django.request Traceback")
    assert_found(shop(text, CODE))


def test_another_services_lines_in_between(shop):
    lines = dressed("web-1  | ").splitlines()
    mixed = [part for line in lines for part in (line, "db-1   | LOG:  checkpoint starting")]
    assert_found(shop("\n".join(mixed), CODE))


def test_line_ends_of_windows_and_colours(shop):
    coloured = recorded(CALL).replace("Order", "\x1b[31mOrder\x1b[0m").replace("\n", "\r\n")
    assert_found(shop(coloured, CODE))


def test_a_log_in_json(shop):
    line = json.dumps({"level": "error", "exc_info": recorded(CALL), "at": 1})
    assert_found(shop(f'{{"level": "info"}}\n{line}\n', CODE))


def test_the_rest_of_a_log_around_it(shop):
    around = 'INFO 10.0.0.1 GET /\n{}\nINFO Started: 200 OK\nFile "x" is gone\n'
    assert_found(shop(around.format(recorded(CALL)), CODE))


def test_the_same_error_many_times_is_told_once(shop):
    assert_found(shop(recorded(CALL) * 5, CODE))


def test_a_traceback_that_is_cut_off_is_named_as_it_is(shop):
    cut = recorded(CALL).partition("django.core.exceptions.Sync")[0]
    found = shop(cut, CODE)
    assert found.explained == ()
    assert [one.line for one in found.unexplained] == ["order = Order.objects.get(pk=1)"]


def test_no_carets_as_before_python_3_11(shop):
    text = "\n".join(
        line for line in recorded(CALL).splitlines() if not re.fullmatch(r"[ ~^]+", line)
    )
    assert_found(shop(text, CODE))


def test_lines_added_above_since(shop):
    [one] = shop(recorded(CALL), f"import asyncio\n\n{CODE}").explained
    assert (one.place.line, one.place.column) == (8, 12)


def test_a_file_that_says_something_else_now_is_not_believed(shop):
    code = CODE.replace("order = Order.objects.get(pk=1)", "order = request.user.orders.get()")
    [one] = shop(recorded(CALL), code).explained
    assert one.line == "order = Order.objects.get(pk=1)"
    assert one.fixes[0].code == "order = await Order.objects.aget(pk=1)"


def test_a_file_that_does_not_parse_is_not_needed(shop):
    [one] = shop(recorded(CALL), "def view(:\n").explained
    assert one.fixes[0].code == "order = await Order.objects.aget(pk=1)"


def test_letters_of_two_columns_before_the_carets(shop):
    code = (
        'async def view(request):\n    return HttpResponse("注文" + Order.objects.get(pk=1).name)\n'
    )
    text = (
        "Traceback (most recent call last):\n"
        '  File "/srv/shop/shop/views.py", line 2, in view\n'
        '    return HttpResponse("注文" + Order.objects.get(pk=1).name)\n'
        "                                 ~~~~~~~~~~~~~~~~~^^^^^^\n"
        '  File "/venv/lib/python3.13/site-packages/django/db/models/manager.py", line 87, in manager_method\n'
        '  File "/venv/lib/python3.13/site-packages/django/db/models/query.py", line 718, in get\n'
        "    num = len(clone)\n"
        "django.core.exceptions.SynchronousOnlyOperation: You cannot call this from an async context\n"
    )
    [one] = shop(text, code).explained
    assert one.expression == "Order.objects.get(pk=1)"
    assert one.place.column == code.splitlines()[1].index("Order")


def printed(code):
    """What Python itself prints to standard error for the code."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stderr


def test_a_group_tells_of_each_error_in_it():
    found = explain(
        printed(
            "errors = []\n"
            "for text in ('no running event loop', 'Event loop is closed'):\n"
            "    try: raise RuntimeError(text)\n"
            "    except RuntimeError as error: errors.append(error)\n"
            "raise ExceptionGroup('unhandled errors in a TaskGroup', [errors[0], ExceptionGroup('in', errors[1:])])\n"
        ),
        None,
    )
    assert [one.code for one in found.explained] == ["U351", "U353"]
    assert found.unexplained == ()


CHAIN = """
try:
    raise RuntimeError("no running event loop")
except RuntimeError as error:
    raise {raised} {cause}
"""


def test_what_is_raised_from_a_known_error_is_no_riddle():
    found = explain(printed(CHAIN.format(raised="ValueError('x')", cause="from error")), None)
    assert [one.code for one in found.explained] == ["U351"]
    assert found.unexplained == ()


def test_what_goes_wrong_while_a_known_error_is_handled_is_a_riddle_of_its_own():
    found = explain(printed(CHAIN.format(raised="ValueError('x')", cause="")), None)
    assert [one.code for one in found.explained] == ["U351"]
    assert [one.error for one in found.unexplained] == ["ValueError: x"]


def test_what_was_handled_before_a_known_error_is_none():
    found = explain(printed(CHAIN.replace("no running event loop", "x").format(
        raised="RuntimeError('Event loop is closed')", cause="")), None)  # fmt: skip
    assert [one.code for one in found.explained] == ["U353"]
    assert found.unexplained == ()


def test_an_error_that_is_not_known_is_named_with_the_projects_line(shop):
    text = (
        "Traceback (most recent call last):\n"
        '  File "/srv/shop/shop/views.py", line 2, in view\n'
        "    return int(order)\n"
        "ValueError: invalid literal\n"
    )
    found = shop(text, "def view(order):\n    return int(order)\n")
    assert found.explained == ()
    [one] = found.unexplained
    assert (one.error, str(one.place)) == ("ValueError: invalid literal", "shop/views.py:2")


def test_pytest_in_its_short_form(shop):
    name = "orm_call.test"
    long = recorded(name)
    frames = long.partition("test_shop.py:16:")[1:]
    short = (
        "=================================== FAILURES ===================================\n"
        "__________________________________ test_total __________________________________\n"
        + "".join(frames).partition("_ _ _")[0]
        + "E   django.core.exceptions.SynchronousOnlyOperation: You cannot call this from an async context\n"
        "=========================== short test summary info ============================\n"
    )
    [one] = shop(short, EXAMPLES[name].code, "test_shop.py").explained
    assert one.expression == "Order.objects.get(pk=1)"


def test_a_failed_assertion_is_no_known_error(tmp_path):
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert 1 == 2\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", "test_it.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = explain(done.stdout, tmp_path)
    assert found.explained == ()
    assert [one.line for one in found.unexplained] == ["assert 1 == 2"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("psycopg_pool.PoolTimeout: couldn't get a connection after 30.00 sec", "U356"),
        ("2026-11-22 10:00:00 UTC [7] FATAL:  sorry, too many clients already", "U356"),
        ("ERROR django.core.exceptions.SynchronousOnlyOperation: You cannot call this", "U345"),
        ("RuntimeError: Task <Task pending> got Future <Future> attached to a different loop", "U353"),
        ("django_unblock.errors.OwnershipError: R202: the connection is taken", "R202"),
    ],
)  # fmt: skip
def test_the_last_line_alone_is_explained_without_a_place(line, code):
    [one] = explain(f"some log\n{line}\n", None).explained
    assert (one.code, one.place) == (code, None)


@pytest.mark.parametrize(
    "text", ["hello\n", "Traceback\n", "GET / 200\n", "Traceback (most recent call last):\n", "{}"]
)
def test_a_text_without_an_error_is_refused(text):
    with pytest.raises(UnblockError) as raised:
        explain(text, None)
    assert raised.value.code == "U030"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "U031"),
        (b" \n\t\n", "U031"),
        (b"x" * (LARGEST + 1), "U032"),
        (b"\x1f\x8b\x00", "U033"),
    ],
)
def test_input_that_is_no_text_is_refused(data, code):
    with pytest.raises(UnblockError) as raised:
        decode(data)
    assert raised.value.code == code


def test_bytes_that_are_no_utf_8_are_read_around(shop):
    assert_found(shop(decode(b"caf\xe9\n" + recorded(CALL).encode()), CODE))


def test_a_broken_input_never_fails(shop):
    text = recorded("lazy_relation.foreign_key")
    for cut in range(0, len(text), 37):
        for piece in (text[cut:], text[:cut], text[:cut] + text[cut + 20 :]):
            with suppress(UnblockError):
                shop(piece, EXAMPLES["lazy_relation.foreign_key"].code)


NEVER = """\
import gc

async def notify():
    pass

def make():
    return notify()

def keep():
    made = make()
    other = 1
    return other

keep()
gc.collect()
"""


@pytest.mark.parametrize("options", [[], ["-X", "tracemalloc=5"]], ids=["plain", "tracemalloc"])
def test_a_coroutine_that_is_lost_later_than_it_is_made(tmp_path, options):
    file = tmp_path / "work.py"
    file.write_text(NEVER)
    done = subprocess.run(
        [sys.executable, *options, str(file)], capture_output=True, text=True, check=True
    )
    [one] = explain(done.stderr, tmp_path).explained
    assert (one.code, one.expression) == ("U346", "notify()")
    assert str(one.place) == "work.py:7"


def test_a_coroutine_whose_call_is_nowhere_is_explained_without_a_place(tmp_path):
    text = "sys:1: RuntimeWarning: coroutine 'Client.close' was never awaited\n"
    [one] = explain(text, tmp_path).explained
    assert (one.code, one.place) == ("U346", None)
    assert one.fixes[0].code == "await close(…)"


def test_a_lost_coroutine_is_not_told_beside_the_error_that_lost_it(shop):
    [one] = shop(recorded("orm_call.gathered"), EXAMPLES["orm_call.gathered"].code).explained
    assert one.code == "U340"


@pytest.mark.parametrize(
    "file",
    [
        "/usr/lib/python3.12/asyncio/tasks.py",
        "/app/.venv/lib/python3.12/site-packages/shop/views.py",
        "C:\\\\app\\\\venv\\\\Lib\\\\site-packages\\\\django\\\\db\\\\models\\\\query.py",
        "<frozen importlib._bootstrap>",
        "psycopg_binary/pq/pgconn.pyx",
    ],
)
def test_code_of_others_is_not_the_projects(file):
    text = (
        f'Traceback (most recent call last):\n  File "{file}", line 1, in f\n    f()\nKeyError: 1\n'
    )
    [one] = explain(text, None).unexplained
    assert one.place is None
