from datetime import timedelta
from decimal import Decimal

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import Avg, Sum
from django.shortcuts import render
from django.utils import timezone

from orders.models import Order, OrderItem, Payment

from .forms import PeriodForm

User = get_user_model()


@login_required
@permission_required("orders.view_sales_report", raise_exception=True)
def sales_report(request):
    """The figures of a period; of the last thirty days unless one is asked for."""
    today = timezone.localdate()
    form = PeriodForm(request.GET or {"start": today - timedelta(days=30), "end": today})
    if not form.is_valid():
        return render(request, "reports/sales.html", {"form": form}, status=400)

    start, end = form.cleaned_data["start"], form.cleaned_data["end"]
    orders = Order.objects.placed_between(start, end)

    revenue = orders.revenue().aggregate(total=Sum("total"))["total"] or Decimal(0)
    basket = orders.revenue().aggregate(average=Avg("total"))["average"] or Decimal(0)
    units = (
        OrderItem.objects.filter(order__in=orders.revenue()).aggregate(sold=Sum("quantity"))["sold"]
        or 0
    )
    refunds = (
        Payment.objects.filter(status=Payment.Status.REFUNDED, created__date__range=(start, end))
        .aggregate(total=Sum("amount"))["total"]
        or Decimal(0)
    )  # fmt: skip
    new_customers = User.objects.filter(date_joined__date__range=(start, end)).count()

    return render(
        request,
        "reports/sales.html",
        {
            "form": form,
            "revenue": revenue,
            "basket": basket,
            "units": units,
            "refunds": refunds,
            "new_customers": new_customers,
        },
    )
