import requests
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from .dashboard import fetch_notifications, fetch_stats, fetch_user_data
from .forms import ProfileForm


@login_required
@require_safe
def user_dashboard(request):
    """What billing and analytics know of the customer, for the dashboard's charts."""
    user = request.user
    profile = user.profile
    billing = requests.get(
        f"{settings.BILLING_API_URL}/customers/{profile.billing_id}",
        headers={"Authorization": f"Bearer {settings.BILLING_API_KEY}"},
        timeout=settings.API_TIMEOUT,
    )
    analytics = requests.get(
        f"{settings.ANALYTICS_API_URL}/user/{user.pk}", timeout=settings.API_TIMEOUT
    )
    if not (billing.ok and analytics.ok):
        return JsonResponse({"error": "Your figures are not available now."}, status=502)
    return JsonResponse({"billing": billing.json(), "analytics": analytics.json()})


@login_required
def account_dashboard(request):
    user_data = fetch_user_data(request.user)
    notifications = fetch_notifications(request.user)
    stats = fetch_stats(request.user)
    return render(
        request,
        "accounts/dashboard.html",
        {"user_data": user_data, "notifications": notifications, "stats": stats},
    )


@login_required
def edit_profile(request):
    form = ProfileForm(request.POST or None, instance=request.user.profile)
    if form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:dashboard")
    status = 400 if form.is_bound else 200
    return render(request, "accounts/profile.html", {"form": form}, status=status)
