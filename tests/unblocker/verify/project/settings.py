import os

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "shelf",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["SHELF_DATABASE"],
        "HOST": os.environ["SHELF_HOST"],
        "PORT": os.environ["SHELF_PORT"],
        "USER": os.environ["SHELF_USER"],
    }
}
TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
LOGGING = {"version": 1, "root": {"level": "INFO"}}
UPSTREAM = os.environ["SHELF_UPSTREAM"]
# Tables straight from the models, which is quicker than migrations.
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "sessions", "shelf"))
