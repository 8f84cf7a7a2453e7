from django.utils.translation import gettext as _

from .models import A, B, C, D


def shapes(request, pk, total):
    text = _("hello")
    a = A.objects.get(pk=pk)  # the main one

    # B comes with its owner.
    # And its parts.
    b: B = B.objects.select_related(
        "owner",
        "parts",  # all of them
    ).get(pk=pk)
    c = {
        # by key
        "c": C.objects.count(),
    }
    first, second = D.objects.values_list("x", "y").get(pk=pk)
    total += D.objects.count()
    B.objects.filter(pk=pk).update(seen=True)

    return text, a, b, c, first, second, total
