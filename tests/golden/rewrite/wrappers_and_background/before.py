from django.core.mail import send_mail

from . import storage
from .mail import notify, remind as remember


def upload(request, client):
    client.upload_fileobj(request.FILES["f"], "bucket", Key="k")
    size = storage.measure(request.FILES["f"]).size
    values = list(x.pk for x in request.items)
    notify(request.user)
    remember(x for x in values)
    request.user.email_user()
    send_mail(*values, **request.GET)
    return size, values, (lambda: notify(request.user))


def only_mail(request):
    send_mail("a", "b", None, [])
    notify(request.user)
    return 1
