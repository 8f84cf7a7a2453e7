from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django_unblock import gather, http


@login_required
async def user_dashboard(request):
    """The user's own numbers."""
    user = request.user
    profile = user.profile

    async def read_billing():
        # Two outbound calls, one after the other.
        return (await http.get(
            f"{settings.API}/billing/{profile.billing_id}",
            headers={"Authorization": f"Bearer {settings.KEY}"},
            timeout=5,
        )).json()

    async def read_analytics():
        return (await http.get(
            f"{settings.API}/analytics/{user.id}", timeout=5
        )).json()

    # billing and analytics do not depend on each other: they run at the same time.
    billing, analytics = await gather(read_billing(), read_analytics())

    return JsonResponse({"billing": billing, "analytics": analytics})
