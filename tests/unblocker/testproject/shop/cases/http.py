"""Calls to other servers."""

import time
from urllib.request import urlopen

import boto3
import requests
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage, send_mail
from django.db import transaction
from django.http import JsonResponse

from ..models import Product

BASE = "https://api.example"
client = boto3.client("s3", region_name="eu-west-1", endpoint_url="https://s3.example")
session = requests.Session()


def get(request, pk):
    response = requests.get(f"{BASE}/things/{pk}", timeout=3)
    response.raise_for_status()
    return JsonResponse(response.json())


def get_settings(request):
    return JsonResponse(requests.get(settings.RATES_URL + "/today").json())


def get_anywhere(request):
    return JsonResponse(requests.get(request.GET["url"]).json())


def open_host(request):
    return JsonResponse(requests.get(f"https://{request.GET['host']}/x").json())


def post(request):
    response = requests.post("https://api.example/things", json={})
    return JsonResponse({"ok": response.ok, "status": response.status_code})


def handled(request):
    try:
        answer = requests.get("https://api.example/")
    except (requests.Timeout, requests.exceptions.ConnectionError):
        return JsonResponse({}, status=504)
    except requests.RequestException as error:
        return JsonResponse({"error": str(error)}, status=502)
    return JsonResponse({"text": answer.text})


def through_session(request):
    return JsonResponse({"text": session.get("https://api.example/").text})


def urllib(request):
    return JsonResponse({"text": urlopen("https://api.example/").status})


def bucket(request):
    client.put_object(Bucket="a", Key="b", Body=b"c")
    client.get_object(Bucket="a", Key="b")
    url = client.generate_presigned_url("get_object")
    return JsonResponse({"url": url})


def mail(request):
    send_mail("a", "b", None, ["c@d.example"])
    EmailMessage("a", "b").send()
    return JsonResponse({})


def mail_after_commit(request):
    with transaction.atomic():
        product = Product.objects.create(name="x", price=1, category_id=1)
        transaction.on_commit(lambda: send_mail("a", product.name, None, ["c@d.example"]))
    return JsonResponse({})


def sleeps(request):
    time.sleep(1)
    return JsonResponse({"now": time.time()})


def cached(request):
    cache.get("a")
    cache.set("a", 1)
    return JsonResponse({})


def stored(request):
    default_storage.save("a", request.FILES["a"])
    return JsonResponse({"url": default_storage.url("a"), "there": default_storage.exists("a")})
