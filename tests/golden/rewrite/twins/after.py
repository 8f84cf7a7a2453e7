import json

from django.db import models

from .helpers import afetch
from . import helpers
from .tools import acount_all, alpha, count_all, zeta


class Basket(models.Model):
    # How many things.
    def total(self):
        """The sum."""
        return self.lines.count() + self.extra()

    async def atotal(self):
        """The sum."""
        return await self.lines.acount() + await self.aextra()

    def extra(self): return count_all(self)

    async def aextra(self): return await acount_all(self)


async def summary(request):
    from .late import aweigh

    weight = await aweigh(request)
    basket = await Basket.objects.aget(pk=1)
    return json.dumps([await afetch(basket), await helpers.afetch(basket), await basket.atotal(), await acount_all(basket), weight])
