from django.utils.translation import gettext as _
from django_unblock import gather

from .models import A, B, C, D


async def shapes(request, pk, total):
    text = _("hello")
    b: B

    async def read_c():
        return {
            # by key
            "c": await C.objects.acount(),
        }

    async def add(total):
        total += await D.objects.acount()
        return total

    # These do not depend on each other: they run at the same time.
    a, b, c, (first, second), total, _unused = await gather(
        A.objects.aget(pk=pk),  # the main one
        # B comes with its owner.
        # And its parts.
        B.objects.select_related(
            "owner",
            "parts",  # all of them
        ).aget(pk=pk),
        read_c(),
        D.objects.values_list("x", "y").aget(pk=pk),
        add(total),
        B.objects.filter(pk=pk).aupdate(seen=True),
    )

    return text, a, b, c, first, second, total
