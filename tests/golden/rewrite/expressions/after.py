from django.http import Http404

from .models import Item, Order


async def odd(request, pk):
    name = (await Item.objects.aget(pk=pk)).name
    first = Item.objects.filter(pk=pk)[0:3][0] if await Item.objects.aexists() else None
    if (count := await Item.objects.acount()) > 3 and not await Order.objects.filter(pk=pk).aexists():
        raise Http404
    total = 1 + await Item.objects.acount() ** 2 - -await Order.objects.acount()
    label = f"{await Item.objects.acount()} of {total:>{await Order.objects.acount()}}"
    (
        await Order.objects
        # the newest
        .filter(pk=pk)
        .aupdate(seen=True)
    )
    values = [(await Item.objects.aget(pk=n)).name for n in range(count)]
    kind = (await Item.objects.filter(pk=pk).values_list(
        "kind", flat=True
    ).afirst())["x"]
    x: int = await Item.objects.acount(); y = await Order.objects.acount()
    if x: y = await Item.objects.acount()
    total += (await Item.objects.aaggregate(n=sum))["n"]
    text = "é" * 3 + str(await Item.objects.acount())
    a, b = await Item.objects.aget(pk=1), await Item.objects.aget(pk=2)
    return(await Item.objects.aget(pk=(await Order.objects.aget(pk=pk)).item_id))
