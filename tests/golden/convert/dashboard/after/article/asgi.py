import os

from django_unblock.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "article.settings")

application = get_asgi_application()
