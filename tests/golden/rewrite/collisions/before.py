from django import http
from django.utils import timezone
import requests

from .models import A, B


def load(request):
    read_a = A.objects.count()
    list_b = str(B.objects.count())
    rows = A.objects.all()
    data = requests.post("https://example.com", json={"n": read_a, "at": timezone.now()}).json()
    return http.JsonResponse({"a": read_a, "b": list_b, "rows": rows, "data": data})


def gather(request, read_b):
    a = A.objects.create(n=int(read_b))
    b = B.objects.create(n=int(read_b))
    return http.HttpResponse(f"{a} {b}")
