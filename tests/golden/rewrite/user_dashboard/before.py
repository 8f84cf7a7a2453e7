import requests
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse


@login_required
def user_dashboard(request):
    """The user's own numbers."""
    user = request.user
    profile = user.profile

    # Two outbound calls, one after the other.
    billing = requests.get(
        f"{settings.API}/billing/{profile.billing_id}",
        headers={"Authorization": f"Bearer {settings.KEY}"},
        timeout=5,
    ).json()
    analytics = requests.get(f"{settings.API}/analytics/{user.id}", timeout=5).json()

    return JsonResponse({"billing": billing, "analytics": analytics})
