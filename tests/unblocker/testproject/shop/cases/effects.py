"""What is touched besides: the session, messages, globals."""

import logging
from datetime import timedelta
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from ..models import Order, Product

logger = logging.getLogger(__name__)
SEEN = []


def harmless(request, pk):
    words = request.GET.get("q", "").strip()
    number = int(pk) + sum([1, 2]) + round(Decimal("1.5"))
    now = timezone.now() - timedelta(days=1)
    url = reverse("shop:numbers")
    logger.info("Looked for %s", words)
    if request.method == "POST" and request.headers.get("X-Old"):
        return redirect(url)
    response = HttpResponse(f"{words} {number} {now:%Y}")
    response["X-Number"] = str(number)
    response.set_cookie("seen", "1")
    return response


def user(request):
    if not request.user.is_authenticated:
        return redirect("login")
    name = request.user.username
    return JsonResponse({"name": name})


@login_required
def known_user(request):
    return JsonResponse({"name": request.user.username, "staff": request.user.has_perm("shop.x")})


def user_in_query(request):
    return JsonResponse({"n": Order.objects.filter(user=request.user).count()})


def session(request):
    request.session["seen"] = request.session.get("seen", 0) + 1
    return JsonResponse({"seen": request.session["seen"]})


def message(request):
    messages.success(request, "Done")
    return JsonResponse({"n": Product.objects.count()})


def global_list(request, pk):
    SEEN.append(pk)
    return JsonResponse({"n": len(SEEN)})


def logging_in(request):
    user = authenticate(request, username="a", password="b")
    if user is not None:
        login(request, user)
    return JsonResponse({})


def changes_instance(request, pk):
    product = Product.objects.get(pk=pk)
    product.name = "new"
    product.save()
    return JsonResponse({})
