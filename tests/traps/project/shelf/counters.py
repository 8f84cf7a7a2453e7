"""What views and a management command share."""

from django.db import transaction

from shelf.models import Counter


def take_number(name):
    with transaction.atomic():
        counter = Counter.objects.select_for_update().get(name=name)
        counter.value += 1
        counter.save()
    return counter.value


def visits():
    return Counter.objects.get(name="visits").value
