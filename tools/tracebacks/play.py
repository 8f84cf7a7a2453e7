"""`python play.py FOLDER < jobs`: make mistakes in the project in FOLDER, and print what each writes to standard error.

Jobs are a JSON list of objects with `name`, `code`, `run` and `dsn`; what is printed is one object by name. Each runs
in a fork of a process in which Django is set up, so that hundreds take seconds and none disturbs another.
"""

import asyncio
import html
import json
import linecache
import logging
import os
import re
import subprocess
import sys
import tempfile
import traceback
import warnings
from pathlib import Path

PAGE = re.compile(r'<textarea name="content".*?>\n?(.*?)</textarea>', re.DOTALL)


def main(folder):
    """Play all jobs, one after the other."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config"
    sys.path.insert(0, str(folder))
    import django

    django.setup()
    fill()
    warnings.simplefilter("always")
    played = {job["name"]: forked(folder, job) for job in json.load(sys.stdin)}
    json.dump(played, sys.stdout)


def fill():
    """The tables, and a row in each."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection
    from shop.models import Customer, Item, Order

    call_command("migrate", run_syncdb=True, verbosity=0)
    order = Order.objects.create(customer=Customer.objects.create(name="Ana"))
    User.objects.create_user("ana")
    Item.objects.create(order=order, name="Tea")
    connection.close()


def forked(folder, job):
    """What the job writes to standard error."""
    with tempfile.TemporaryFile() as told:
        child = os.fork()
        if not child:
            os.dup2(told.fileno(), 2)
            try:
                run(folder, job)
            finally:
                sys.stderr.flush()
                os._exit(0)
        os.waitpid(child, 0)
        told.seek(0)
        return told.read().decode()


def run(folder, job):
    """Make the mistake."""
    module = folder / ("test_shop.py" if job["run"] == "test" else "shop/views.py")
    module.write_text(job["code"])
    linecache.clearcache()
    if job["run"] == "test":
        tested(folder, module)
        return
    try:
        if job["run"] in ("view", "page"):
            requested(page=job["run"] == "page")
        else:
            script(module, job["dsn"])
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is what is recorded
        tail = error.__traceback__
        while tail and not tail.tb_frame.f_code.co_filename.startswith(str(folder)):
            tail = tail.tb_next
        traceback.print_exception(error.with_traceback(tail or error.__traceback__))


def requested(*, page):
    """A request to the view, as an asynchronous server would make it."""
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import AsyncClient

    if page:
        logging.getLogger("django.request").disabled = True
    client = AsyncClient(raise_request_exception=False, headers={"accept": "text/html"})
    client.force_login(User.objects.get())
    connection.close()
    response = asyncio.run(client.get("/"))
    if page:
        sys.stderr.write(html.unescape(PAGE.search(response.content.decode())[1]))


def script(module, dsn):
    """The module's `main`."""
    namespace = {"__name__": "shop.views", "__file__": str(module)}
    exec(compile(module.read_text(), str(module), "exec"), namespace)  # noqa: S102  # our own examples
    namespace["main"](*([dsn] if dsn else []))


def tested(folder, module):
    """The module under pytest, in the format that it has by default."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:django_unblock.pytest_plugin",
         f"--rootdir={folder}", "--color=no", module.name],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    sys.stderr.write(done.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
