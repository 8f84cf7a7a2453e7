from django_unblock import arender, gather

from .models import Order, Product


async def listing(request, category):
    best = await Product.objects.filter(category=category, active=True).alatest(
        "created_at"
    )
    order = await Order.objects.select_related("user", "address").aget(
        id=1, user=request.user
    )
    return await arender(
        request, "listing.html", {"best": best, "order": order, "n": 1}
    )


async def detail(request, category):
    return await arender(
        request, "a/long/template/name.html", {"category": category, "u": 1}
    )


async def already_long(request, category):
    return await arender(request, "a/long/template/name.html", {"category": category, "the_user": request.user})


async def with_comment(request, category):
    return await arender(request, "a/long/template/name.html", {"category": category})  # noqa: X


async def nested(request):
    async def total_2():
        return sum(
            Order.objects.filter(product=product).values_list("total", flat=True), 10
        )

    product, total = await gather(Product.objects.aget(id=1), total_2())
    return product, total


async def counted(request, category):
    done, left, rest = await gather(
        Product.objects.filter(category=category, is_active=True, sold=True).acount(),
        Product.objects.filter(category=category, is_active=True, sold=None).acount(),
        Order.objects.filter(
            category=category,  # of the page
        ).acount(),
    )
    return done, left, rest
