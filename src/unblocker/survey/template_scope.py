"""Where a reading of a template stands: names in scope, the file, and what it was seen to fetch."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unblocker.survey.seen import Record

if TYPE_CHECKING:
    import ast
    from collections.abc import Hashable, Iterator
    from contextlib import AbstractContextManager

    from django.template.base import Node, Origin
    from django.template.loader_tags import BlockNode

    from unblocker.survey.frame import Frame
    from unblocker.survey.sources import Source
    from unblocker.survey.values import Value

_NOTHING = frozenset[str]()


@dataclass(slots=True)
class Scope:
    """One rendering, at one place.

    Attributes:
        names: the context, innermost last.
        records: what each template file was seen to do.
        blocks: for each block's name, the nodes that define it, the furthest child first.
        fetched: what was fetched, and whether surely.
        line: the line that is being read.
        whole: every name of the context is known.
        path: the conditions that hold here and the loops that this stands in.
        way: the path's number.
        ways: the numbers of all paths, by that of the path that goes on and its next step.
        learned: for a path, what was fetched on it: where the template asks the same again, it is there.
    """

    frame: Frame
    names: list[dict[str, Value]]
    records: dict[str, Record] = field(default_factory=dict)
    blocks: dict[str, list[BlockNode]] = field(default_factory=dict)
    fetched: dict[str, bool] = field(default_factory=dict)
    depth: int = 0
    line: int = 1
    whole: bool = False
    path: tuple[Hashable, ...] = ()
    way: int = 0
    ways: dict[tuple[int, Hashable], int] = field(default_factory=dict)
    learned: dict[int, frozenset[str]] = field(default_factory=dict)

    def lookup(self, name: str) -> Value | None:
        """What a name stands for here."""
        for level in reversed(self.names):
            if name in level:
                return level[name]
        return None

    @contextmanager
    def push(self, names: dict[str, Value]) -> Iterator[None]:
        """More names for a while."""
        self.names.append(names)
        try:
            yield
        finally:
            self.names.pop()

    @contextmanager
    def alone(self, names: dict[str, Value], *, whole: bool) -> Iterator[None]:
        """Only these names for a while; `whole` where there are no others."""
        before = self.names, self.whole
        self.names, self.whole = [names], whole
        try:
            yield
        finally:
            self.names, self.whole = before

    def perhaps(self, times: int = 1) -> AbstractContextManager[None]:
        """What is read inside may not be rendered, or be rendered several times."""
        return self.frame.perhaps(times=times)

    @contextmanager
    def within(self, step: Hashable, times: int = 1) -> Iterator[None]:
        """What is read inside happens where the condition `step` holds, or in each round of the loop `step`."""
        outer, outer_way = self.path, self.way
        self.path = (*outer, step)
        self.way = way = self.ways.setdefault((outer_way, step), len(self.ways) + 1)
        with self.perhaps(times):
            env = self.frame.env
            before = env.fetched
            env.fetched |= self.learned.get(way, _NOTHING)
            yield
            known = self.learned.get(way, _NOTHING)
            self.learned[way] = known | (self.frame.env.fetched - before)
        self.path, self.way = outer, outer_way

    @contextmanager
    def file(self, source: Source) -> Iterator[None]:
        """Read another template's file for a while."""
        frame = self.frame
        outer_source, outer_record, line = frame.source, frame.record, self.line
        record = self.records.setdefault(source.name, Record())
        saved = record.uncertain, record.times
        record.uncertain, record.times = outer_record.uncertain, outer_record.times
        frame.source, frame.record = source, record
        self.depth += 1
        try:
            yield
        finally:
            frame.source, frame.record, self.line = outer_source, outer_record, line
            record.uncertain, record.times = saved
            self.depth -= 1

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Remember what is fetched inside, and whether it surely is."""
        before = self.frame.env.fetched
        yield
        self.note(before)

    def note(self, before: frozenset[str]) -> None:
        """Remember what is fetched that was not `before`, and whether it surely is."""
        if self.frame.env.fetched is before:
            return
        for identity in self.frame.env.fetched - before:
            sure = not self.frame.record.uncertain
            self.fetched[identity] = self.fetched.get(identity, False) or sure

    def node(self, text: str) -> ast.expr:
        """A node that stands where the template says `text`, for places and identities."""
        return self.frame.source.spot(self.line, text)

    def at(self, node: Node) -> None:
        """Go to a node's line."""
        token = getattr(node, "token", None)
        self.line = getattr(token, "lineno", None) or self.line


def origin_name(origin: Origin | None) -> str:
    """The template's name as Django loads it."""
    name = getattr(origin, "template_name", None)
    return str(name) if name is not None else "<string>"
