"""The reference page and the commands say the same."""

import dataclasses
import re
from pathlib import Path

import click
import msgspec
import pytest

from django_unblock.conf import Conf
from unblocker.cli.main import COMMANDS as NAMES
from unblocker.cli.main import main
from unblocker.config import BenchEntry, Config, Costs, Demo, Lint

DOCS = Path(__file__).parents[3] / "docs"
COMMANDS = (DOCS / "commands.md").read_text(encoding="utf-8")
USAGES = dict(re.findall(r"^django-unblock (\w+) (.*(?:\n +\[.*)*)$", COMMANDS, re.MULTILINE))


def documented(heading):
    """The names in the first column of the table below a heading, with their defaults."""
    section = COMMANDS.partition(heading)[2]
    rows = re.findall(
        r"^\| (`[^|]+`) \| ([^|]+) \|",
        re.split(r"^##", section, flags=re.MULTILINE)[0],
        re.MULTILINE,
    )
    return {
        name: default.strip() for names, default in rows for name in re.findall(r"`(\w+)`", names)
    }


def fields(struct):
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def test_every_command_is_documented_in_its_order_and_no_other():
    assert list(USAGES) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_documented_and_no_other(name):
    command = main.get_command(click.Context(main), name)
    options = {
        flag
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for flag in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(re.findall(r"--[\w-]+", USAGES[name])) == options


@pytest.mark.parametrize("name", ["survey", "plan"])
def test_formats_are_documented(name):
    (option,) = [
        each for each in main.get_command(click.Context(main), name).params if each.name == "form"
    ]
    assert f"--format {'|'.join(option.type.choices)}" in USAGES[name]


def test_every_key_of_the_configuration_is_documented():
    assert set(documented("\n## Configuration\n")) == fields(Config) - {"costs", "demo", "lint"}
    assert all(f"| `lint.{name}` |" in COMMANDS for name in fields(Lint))


def test_the_cost_models_defaults_are_documented():
    defaults = {
        name: float(text.split()[0]) for name, text in documented("\n### The cost model\n").items()
    }
    assert defaults == msgspec.structs.asdict(Costs())


def test_the_demo_sections_keys_are_documented():
    assert set(documented("\n### The demo section\n")) == fields(Demo)
    assert all(f"`{name}`" in COMMANDS for name in fields(BenchEntry))


def test_the_runtimes_settings_are_documented_with_their_defaults():
    text = (DOCS / "runtime.md").read_text(encoding="utf-8")
    shown = dict(
        re.findall(
            r'^    "([A-Z_]+)": (.+),$',
            text.partition("UNBLOCK = {")[2].partition("}")[0],
            re.MULTILINE,
        )
    )
    given = {
        name: repr(value).replace("'", '"') for name, value in dataclasses.asdict(Conf()).items()
    }
    assert shown == given
