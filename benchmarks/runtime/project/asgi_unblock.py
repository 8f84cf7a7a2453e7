"""The project under ASGI, as django-unblock serves it."""

from django_unblock.asgi import get_asgi_application

application = get_asgi_application()
