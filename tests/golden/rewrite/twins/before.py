import json

from django.db import models

from .helpers import fetch
from . import helpers
from .tools import alpha, count_all, zeta


class Basket(models.Model):
    # How many things.
    def total(self):
        """The sum."""
        return self.lines.count() + self.extra()

    def extra(self): return count_all(self)


def summary(request):
    from .late import weigh

    weight = weigh(request)
    basket = Basket.objects.get(pk=1)
    return json.dumps([fetch(basket), helpers.fetch(basket), basket.total(), count_all(basket), weight])
