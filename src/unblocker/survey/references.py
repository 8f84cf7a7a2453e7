"""Who else names a function: every place in the project's files, tests included."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unblocker.records.survey import Reference, ReferenceKind
from unblocker.survey.mentions import File, Mention, Words, is_test

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from unblocker.records.places import Place
    from unblocker.survey.sources import Sources


@dataclass(frozen=True, slots=True)
class Wanted:
    """What references are looked for.

    Attributes:
        functions: the ids of the functions that were read.
        methods: those of them that are methods.
        handlers: those that only Django calls, by HTTP method.
        calls: for each function, where functions that were read call it, and which do.
    """

    functions: frozenset[str]
    methods: frozenset[str]
    handlers: frozenset[str]
    calls: Mapping[str, Mapping[Place, str]]


def find_references(sources: Sources, wanted: Wanted) -> dict[str, tuple[Reference, ...]]:
    """For each wanted function, where the project names it outside itself.

    Names are followed through imports and re-exports; texts count where they are a function's dotted path, as
    `mock.patch` is given. A method counts where it was seen to be called and, in code that was not read, wherever an
    attribute of its name is: rather one reference too many than one too few.
    """
    by_dotted = {identity.replace(":", "."): identity for identity in wanted.functions}
    by_attribute = _by_attribute(wanted)
    aliases: dict[str, str] = {}
    mentioned: list[Mention] = []
    for file in _modules(sources, _words(by_dotted, by_attribute)):
        aliases.update(file.aliases)
        mentioned += file.mentions()
    found: dict[str, dict[Place, Mention]] = {identity: {} for identity in wanted.functions}
    for mention in mentioned:
        exact = by_dotted.get(_follow(mention.dotted, aliases))
        last = mention.dotted.rpartition(".")[2]
        guessed = [] if mention.holder in wanted.functions else by_attribute.get(last, [])
        for identity in [exact] if exact else guessed:
            if identity != mention.holder:
                found[identity][mention.place] = mention
    for identity in wanted.methods:
        for place, holder in wanted.calls.get(identity, {}).items():
            if holder != identity:
                found[identity][place] = Mention(
                    "", place, holder, is_test(place.file), called=True
                )
    return _references(found)


def _by_attribute(wanted: Wanted) -> dict[str, list[str]]:
    """The methods that an attribute of a name may be."""
    found: dict[str, list[str]] = {}
    for identity in wanted.methods - wanted.handlers:
        name = identity.rpartition(".")[2]
        if not name.startswith("__"):
            found.setdefault(name, []).append(identity)
    return found


def _words(by_dotted: Mapping[str, str], by_attribute: Mapping[str, list[str]]) -> Words:
    """What a mention ends with, and a word of every line that holds one.

    A method that no bare attribute stands for is only found behind its class, whose name is rarer.
    """
    names = [identity.rpartition(":")[2].split(".") for identity in by_dotted.values()]
    telling = (
        parts[-2] if len(parts) > 1 and parts[-1] not in by_attribute else parts[-1]
        for parts in names
    )
    last = frozenset(parts[-1] for parts in names)
    return Words(frozenset(telling), last, frozenset(by_dotted))


def _references(found: dict[str, dict[Place, Mention]]) -> dict[str, tuple[Reference, ...]]:
    views = _reached_by_views_only(
        {key: list(mentions.values()) for key, mentions in found.items()}
    )
    return {
        identity: tuple(_reference(mentions[place], views) for place in sorted(mentions))
        for identity, mentions in found.items()
    }


def _reached_by_views_only(found: dict[str, list[Mention]]) -> frozenset[str]:
    only = set(found)
    while True:
        others = {
            identity for identity in only
            if any(mention.holder and mention.holder not in only and not mention.is_test for mention in found[identity])
        }  # fmt: skip
        if not others:
            return frozenset(only)
        only -= others


def _reference(mention: Mention, views: frozenset[str]) -> Reference:
    kind: ReferenceKind
    if mention.is_test:
        kind = "test"
    elif mention.holder is None:
        kind = "module"
    else:
        kind = "view" if mention.holder in views else "function"
    return Reference(mention.place, kind, mention.holder, mention.called)


def _follow(dotted: str, aliases: dict[str, str]) -> str:
    """The name that something is defined under, through re-exports."""
    for _ in range(10):
        head, rest = dotted, ""
        while head and head not in aliases:
            head, _, last = head.rpartition(".")
            rest = f".{last}{rest}"
        if not head or aliases[head] == head:
            return dotted
        dotted = aliases[head] + rest
    return dotted


def _modules(sources: Sources, words: Words) -> Iterator[File]:
    files = sources.project_files()
    loaded = {
        sources.real(path): name
        for name, module in list(sys.modules.items())
        if isinstance(path := getattr(module, "__file__", None), str) and name != "__main__"
    }
    words = words.renamed(map(_text, files))
    for path in files:
        source = sources.glance(path)
        if source is not None:
            name = loaded.get(str(path)) or sources.module_name(source)
            yield File(source, name, words, is_package=path.name == "__init__.py")


def _text(path: Path) -> str:
    """The file's text, as far as names go: they count where it is read in another encoding, too."""
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return ""
