from django_unblock import gather, load

from .models import A, B, C, D


async def view(request):
    a, b = await gather(A.objects.acount(), B.objects.acount())
    if a > b:
        return None
    rows = A.objects.all()
    # c, d and rows do not depend on each other: they run at the same time.
    c, _, _ = await gather(C.objects.acount(), D.objects.acount(), load(rows))
    # And the rest.
    return a, b, c, rows
