"""What the views and the interrupted tasks do in the database, each in several of the ways there are."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable
from typing import Any

from django.db import connection, transaction

from django_unblock import aatomic, gather, lifespan, load, offload, unblock
from tools.chaos.project.models import Account, JobDone, Transfer
from tools.chaos.records import Move

_shutting_down = asyncio.Event()


@lifespan.on_shutdown
async def _let_held_jobs_go() -> None:
    _shutting_down.set()


class RefusedError(Exception):
    """Raised on purpose after half of a transfer."""


def transfer(token: str, move: Move, *, refuse: bool = False) -> dict[str, Any]:
    """Move money in one transaction, in plain synchronous code."""
    with transaction.atomic():
        rows = {row.pk: row for row in _locked(move)}
        rows[move.source].balance -= move.amount
        rows[move.source].save()
        if refuse:
            raise RefusedError(token)
        rows[move.target].balance += move.amount
        with transaction.atomic():
            rows[move.target].save()
        Transfer.objects.create(
            token=token, source=rows[move.source], target=rows[move.target], amount=move.amount
        )
    return _receipt(token, rows[move.source], rows[move.target], move)


async def atransfer(token: str, move: Move, *, refuse: bool = False) -> dict[str, Any]:
    """Move money in one transaction, of which each step is awaited and two are child tasks."""
    async with aatomic():
        rows = {row.pk: row async for row in _locked(move)}
        rows[move.source].balance -= move.amount
        await rows[move.source].asave()
        await asyncio.sleep(0)
        if refuse:
            raise RefusedError(token)
        rows[move.target].balance += move.amount
        await gather(
            rows[move.target].asave(),
            Transfer.objects.acreate(
                token=token, source=rows[move.source], target=rows[move.target], amount=move.amount
            ),
        )
    return _receipt(token, rows[move.source], rows[move.target], move)


def _locked(move: Move) -> Any:
    ids = (move.source, move.target)
    return Account.objects.select_for_update().filter(pk__in=ids).order_by("pk")


def _receipt(token: str, source: Account, target: Account, move: Move) -> dict[str, Any]:
    return {
        "token": token,
        "source": source.owner,
        "target": target.owner,
        "amount": move.amount,
    }


async def owners_at_once(ids: Iterable[int]) -> list[str]:
    """Read each account in a task of its own, more of them than the pool has connections."""
    return [account.owner for account in await gather(*map(_account, ids))]


async def owners_nested(ids: list[int]) -> list[str]:
    """Read accounts in a fan-out of fan-outs: gather, load, a thread and a transaction."""
    first, second, third, fourth = ids
    return await gather(  # type: ignore[return-value]  # a tuple of tuples, as JSON a list
        gather(_owner(first), _owner(second)),
        _loaded(third),
        offload(_owner_in_thread)(fourth),
        _owner_in_transaction(first),
    )


async def _account(pk: int) -> Account:
    return await Account.objects.aget(pk=pk)


async def _owner(pk: int) -> str:
    return (await _account(pk)).owner


async def _loaded(pk: int) -> list[str]:
    one, other = await load(Account.objects.filter(pk=pk), Account.objects.filter(pk=pk))
    return [account.owner for account in (*one, *other)]


def _owner_in_thread(pk: int) -> str:
    with transaction.atomic():
        return str(Account.objects.select_for_update().get(pk=pk).owner)


async def _owner_in_transaction(pk: int) -> list[str]:
    async with aatomic():
        return list(await gather(_owner(pk), unblock(_owner_in_thread)(pk)))


def streamed(ids: list[int]) -> Generator[str]:
    """Yield the owners of accounts, read with a server-side cursor."""
    with transaction.atomic():
        for account in Account.objects.filter(pk__in=ids).order_by("pk").iterator(chunk_size=2):
            yield account.owner


async def astreamed(ids: list[int]) -> AsyncGenerator[str]:
    """Yield the owners of accounts, read with a server-side cursor outside of any transaction."""
    found = Account.objects.filter(pk__in=ids).order_by("pk")
    async for account in found.aiterator(chunk_size=2):
        yield account.owner


def owner_slowly(pk: int, seconds: float) -> str:
    """Read an owner in a statement that takes its time on the server."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Account._meta.db_table)
        cursor.execute(f"SELECT owner, pg_sleep(%s) FROM {table} WHERE id = %s", [seconds, pk])  # noqa: S608 - quoted
        return str(cursor.fetchone()[0])


async def job(token: str, seconds: float, *, held: bool) -> None:
    """A background job: work for a while, if held from the server's shutdown on, then leave a row."""
    if held:
        await _shutting_down.wait()
    await asyncio.sleep(seconds)
    await JobDone.objects.acreate(token=token)
