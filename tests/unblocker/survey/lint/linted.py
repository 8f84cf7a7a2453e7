"""The test project with modules of a test's own, linted in a process of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from unblocker.records.findings import Finding

PROJECT = Path(__file__).parents[2] / "testproject"

IMPORTS = """\
import asyncio
import functools
import subprocess
import time
from pathlib import Path

import boto3
import requests
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.core.cache import cache
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import JsonResponse, StreamingHttpResponse
from django.shortcuts import aget_object_or_404, get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.views import View
from django.views.decorators.cache import cache_page, never_cache
from django_unblock import aatomic

from shop.forms import PlainForm, ReviewForm, TagForm
from shop.models import Category, LogEntry, Order, Product, Profile, Review, Tag

User = get_user_model()


"""

URLS = """\
import inspect
from importlib import import_module

from django.urls import path
from django.views import View


def routes(name):
    module = import_module(f"shop.examples.{name}")
    for key, found in list(vars(module).items()):
        if getattr(found, "__module__", "") != module.__name__:
            continue
        if inspect.isclass(found) and issubclass(found, View):
            yield path(f"{name}/{key}/", found.as_view())
        elif inspect.isfunction(found) and list(inspect.signature(found).parameters)[:1] == ["request"]:
            yield path(f"{name}/{key}/", found)


urlpatterns = [
    path("nothing/", View.as_view()),
    *(route for name in NAMES for route in routes(name)),
]
"""

_RUN = """
import sys
from pathlib import Path
from unblocker.records.codec import to_json
from unblocker.survey import survey_project
print(to_json(survey_project(Path(sys.argv[1]), None, lambda text: None).findings).decode())
"""


def lint(folder: Path, modules: dict[str, str], settings: str = "") -> tuple[Finding, ...]:
    """The findings in a copy of the test project whose views are those of these modules."""
    root = folder / "project"
    shutil.copytree(
        PROJECT, root, ignore=shutil.ignore_patterns("__pycache__", ".unblock", "cases")
    )
    package = root / "shop" / "examples"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for name, code in modules.items():
        (package / f"{name}.py").write_text(IMPORTS + code)
    (root / "config" / "urls.py").write_text(f"NAMES = {list(modules)!r}\n{URLS}")
    with (root / "config" / "settings.py").open("a") as file:
        file.write(f"\n{settings}\n")
    return linted(root)


def linted(root: Path) -> tuple[Finding, ...]:
    """The findings in the project at `root`."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(root)],
        capture_output=True,
        text=True,
        check=False,
        cwd=root.parent,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return msgspec.json.decode(done.stdout, type=tuple[Finding, ...])
