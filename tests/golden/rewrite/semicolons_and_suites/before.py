from .models import A, B


def lines(request):
    # counts
    a = A.objects.count(); b = B.objects.count()  # both
    return a + b


def suite(request): a = A.objects.count(); b = B.objects.count(); return a + b


def branch(request):
    if request.user: a = A.objects.count(); b = B.objects.count()
    else: a = b = 0
    return a + b
