from django.core.mail import send_mail
from django_unblock import background, offload, unblock

from . import storage
from .mail import anotify, notify, remind as remember


async def upload(request, client):
    await offload(client.upload_fileobj)(request.FILES["f"], "bucket", Key="k")
    size = (await offload(storage.measure)(request.FILES["f"])).size
    values = await unblock(list)(x.pk for x in request.items)
    background(anotify, request.user)
    background(remember, (x for x in values))
    background(request.user.email_user)
    background(send_mail, *values, **request.GET)
    return size, values, (lambda: background(notify, request.user))


def only_mail(request):
    background(send_mail, "a", "b", None, [])
    background(anotify, request.user)
    return 1
