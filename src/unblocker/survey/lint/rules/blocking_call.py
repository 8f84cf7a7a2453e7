"""U309: a call that waits, or burns CPU, and stops every request on the event loop meanwhile."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from unblocker.survey.lint.fixes import arguments, awaited_form
from unblocker.survey.lint.rule import BOTH, Example, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unblocker.records.survey import Operation
    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.rule import Hit

_KINDS = frozenset({"http", "mail", "storage", "cache", "subprocess", "sleep", "cpu"})
_QUICK = frozenset({"exists", "is_file", "is_dir", "isfile", "stat", "getsize", "touch"})
_OF_AN_OPEN_FILE = frozenset({"files.read_open", "files.write_open"})  # its opening is told
_IN_PROCESS = ("locmem.LocMemCache", "dummy.DummyCache")
_OURS = "django_unblock"


def check(code: AsyncCode) -> Iterator[Hit]:
    """What the catalog knows to wait for something other than the database."""
    for node, operation in code.operations():
        if operation.kind in _KINDS and not _is_quick(code, node, operation):
            text = f"{code.called(node)}() blocks the event loop ({operation.kind})"
            yield code.hit(node, text, _fix(code, node, operation))


def _is_quick(code: AsyncCode, node: ast.expr, operation: Operation) -> bool:
    """Whether a thread would cost more than the call: a look at a directory, a cache in the process."""
    if operation.kind == "cache":
        backend = str(django_settings.CACHES.get("default", {}).get("BACKEND", ""))
        return backend.endswith(_IN_PROCESS)
    if operation.entry in _OF_AN_OPEN_FILE:
        return True
    return operation.entry == "files.read" and code.called(node).rpartition(".")[2] in _QUICK


def _fix(code: AsyncCode, node: ast.expr, operation: Operation) -> str:
    if operation.kind == "sleep":
        return "await asyncio.sleep(…)"
    name = code.called(node)
    given = arguments(node) if isinstance(node, ast.Call) else "()"
    if code.setting.runtime == "unblock":
        if operation.entry.startswith("requests.") and operation.kind == "http":
            return f"await {_OURS}.http.{name.rpartition('.')[2]}{given}"
        return f"await {_OURS}.offload({name}){given}"
    awaited = awaited_form(code, node)
    if awaited:
        return awaited
    in_thread = f"await asyncio.to_thread({name}{', …' if given != '()' else ''})"
    return f"{in_thread}, or an async client" if operation.kind == "http" else in_thread


RULE = Rule(
    "U309",
    "a call that blocks the event loop: requests, sleep, subprocess, boto3, mail, files",
    BOTH,
    check=check,
    invalid=(
        Example(
            'async def rates():\n    return requests.get("https://rates.example/", timeout=5)\n'
        ),
        Example("async def pause():\n    time.sleep(1)\n"),
        Example('async def listing():\n    return subprocess.run(["ls"], check=True)\n'),
        Example(
            "async def upload(data):\n"
            '    client = boto3.client("s3")\n'
            '    client.put_object(Bucket="media", Key="a", Body=data)\n'
        ),
        Example(
            'async def terms():\n    with open("terms.txt") as file:\n        return file.read()\n'
        ),
        Example('async def tell():\n    send_mail("Hello", "Text", None, ["a@example.com"])\n'),
        Example(
            'async def banner():\n    return cache.get("banner")\n',
            settings='CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}',
        ),
    ),
    valid=(
        Example("async def pause():\n    await asyncio.sleep(1)\n"),
        Example(
            "async def rates():\n"
            '    return await asyncio.to_thread(requests.get, "https://rates.example/", timeout=5)\n'
        ),
        Example(
            "async def rates():\n"
            "    loop = asyncio.get_running_loop()\n"
            '    return await loop.run_in_executor(None, requests.get, "https://rates.example/")\n'
        ),
        Example("def pause():\n    time.sleep(1)\n"),
        Example('async def banner():\n    return cache.get("banner")\n'),
        Example(
            'async def banner():\n    return await cache.aget("banner")\n',
            settings='CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}}',
        ),
        Example('async def there():\n    return Path("terms.txt").exists()\n'),
        Example(
            "async def tell():\n"
            '    await sync_to_async(send_mail)("Hello", "Text", None, ["a@example.com"])\n'
        ),
        Example('async def listing():\n    return await asyncio.create_subprocess_exec("ls")\n'),
    ),
)
