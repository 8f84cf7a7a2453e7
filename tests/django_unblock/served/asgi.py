from django_unblock import lifespan
from django_unblock.asgi import get_asgi_application

hooks = []


@lifespan.on_startup
async def note_start():
    hooks.append("started")


application = get_asgi_application()
