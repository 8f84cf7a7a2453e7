from django.http import Http404

from .models import Item, Order


def odd(request, pk):
    name = Item.objects.get(pk=pk).name
    first = Item.objects.filter(pk=pk)[0:3][0] if Item.objects.exists() else None
    if (count := Item.objects.count()) > 3 and not Order.objects.filter(pk=pk).exists():
        raise Http404
    total = 1 + Item.objects.count() ** 2 - -Order.objects.count()
    label = f"{Item.objects.count()} of {total:>{Order.objects.count()}}"
    (
        Order.objects
        # the newest
        .filter(pk=pk)
        .update(seen=True)
    )
    values = [Item.objects.get(pk=n).name for n in range(count)]
    kind = Item.objects.filter(pk=pk).values_list("kind", flat=True).first()["x"]
    x: int = Item.objects.count(); y = Order.objects.count()
    if x: y = Item.objects.count()
    total += Item.objects.aggregate(n=sum)["n"]
    text = "é" * 3 + str(Item.objects.count())
    a, b = Item.objects.get(pk=1), Item.objects.get(pk=2)
    return(Item.objects.get(pk=(Order.objects.get(pk=pk)).item_id))
