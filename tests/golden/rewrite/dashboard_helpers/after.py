from django_unblock import arender, gather, unblock

from shop.account import fetch_notifications, fetch_stats, fetch_user_data


async def dashboard(request):
    # user_data, notifications and stats do not depend on each other: they run at the
    # same time.
    user_data, notifications, stats = await gather(
        unblock(fetch_user_data)(request.user),
        unblock(fetch_notifications)(request.user),
        unblock(fetch_stats)(request.user),
    )
    return await arender(request, "dashboard.html", {"user": user_data, "n": notifications, "s": stats})
