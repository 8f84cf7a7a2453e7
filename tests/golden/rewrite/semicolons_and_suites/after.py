from django_unblock import gather

from .models import A, B


async def lines(request):
    # Both at once.
    a, b = await gather(
        # counts
        A.objects.acount(),
        B.objects.acount(),  # both
    )
    return a + b


async def suite(request):
    # Both at once.
    a, b = await gather(A.objects.acount(), B.objects.acount())
    return a + b


async def branch(request):
    if request.user:
        # Both at once.
        a, b = await gather(A.objects.acount(), B.objects.acount())
    else: a = b = 0
    return a + b
