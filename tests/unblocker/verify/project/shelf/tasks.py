from django.tasks import task


@task
def label(shelf):
    raise NotImplementedError("no test does it")
