"""Tasks, as a project has them."""

from importlib import import_module
from importlib.util import find_spec

from testapp.models import Author

task = import_module("django.tasks" if find_spec("django.tasks") else "django_tasks").task


@task
def add_author(name):
    Author.objects.create(name=name)


@task
async def aadd_author(name):
    await Author.objects.acreate(name=name)


@task
def fail(**arguments):
    raise LookupError(arguments)
