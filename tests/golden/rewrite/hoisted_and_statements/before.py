from .models import A, B, Line


def view(request, pk):
    a = A.objects.get(pk=pk)

    # Lines of the order.
    lines = Line.objects.filter(order=pk)
    # They are few.
    limit = 10

    totals = {}
    for line in lines[:limit]:
        totals[line.kind] = totals.get(line.kind, 0) + line.amount
    profile = request.user.profile

    return a, totals, profile
