from .models import A


async def view(request):
    a = await A.objects.aget(pk=1)
    return a
