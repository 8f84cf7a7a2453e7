from .models import A, B, C, D


def view(request):
    a = A.objects.count()
    b = B.objects.count()
    if a > b:
        return None
    c = C.objects.count()
    d = D.objects.count()
    rows = A.objects.all()
    # And the rest.
    return a, b, c, rows
