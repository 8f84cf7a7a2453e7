from .models import A, B


def view(request):
    A.objects.filter(pk=1).update(n=1)
    B.objects.filter(pk=1).delete()
    return 1
