from django.shortcuts import render

from shop.account import fetch_notifications, fetch_stats, fetch_user_data


def dashboard(request):
    user_data = fetch_user_data(request.user)
    notifications = fetch_notifications(request.user)
    stats = fetch_stats(request.user)
    return render(request, "dashboard.html", {"user": user_data, "n": notifications, "s": stats})
