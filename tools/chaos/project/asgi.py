"""What uvicorn serves."""

from django_unblock.asgi import get_asgi_application

application = get_asgi_application()
