from django_unblock import gather

from .models import A, B, Line


async def view(request, pk):
    # Lines of the order.
    lines = Line.objects.filter(order=pk)
    # They are few.
    limit = 10

    async def sum_lines():
        totals = {}
        for line in lines[:limit]:
            totals[line.kind] = totals.get(line.kind, 0) + line.amount
        return totals

    async def profile_2():
        return request.user.profile

    # a, totals and profile do not depend on each other: they run at the same time.
    a, totals, profile = await gather(A.objects.aget(pk=pk), sum_lines(), profile_2())

    return a, totals, profile
