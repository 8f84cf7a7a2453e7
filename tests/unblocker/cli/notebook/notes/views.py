from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.http import JsonResponse

from .models import Note, Tag


def overview(request):
    notes = Note.objects.count()
    tags = Tag.objects.count()
    readers = User.objects.count()
    return JsonResponse({"notes": notes, "tags": tags, "readers": readers})


def share(request):
    notes = Note.objects.count()
    send_mail("A notebook", f"It has {notes} notes.", None, ["ann@notebook.example"])
    return JsonResponse({"shared": notes})


def about(request):
    return JsonResponse({"about": "a notebook"})
