from django_unblock import gather

from .models import A, B


async def view(request):
    await gather(A.objects.filter(pk=1).aupdate(n=1), B.objects.filter(pk=1).adelete())
    return 1
