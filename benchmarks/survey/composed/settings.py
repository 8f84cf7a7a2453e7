"""The settings of a project made of some of the apps; `COMPOSED` names them."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
COMPOSED = os.environ["COMPOSED"].split(",")

APPS = {
    "machina": [
        "mptt",
        "haystack",
        "widget_tweaks",
        "machina",
        "machina.apps.forum",
        "machina.apps.forum_conversation",
        "machina.apps.forum_conversation.forum_attachments",
        "machina.apps.forum_conversation.forum_polls",
        "machina.apps.forum_feeds",
        "machina.apps.forum_member",
        "machina.apps.forum_moderation",
        "machina.apps.forum_permission",
        "machina.apps.forum_search",
        "machina.apps.forum_tracking",
    ],
    "helpdesk": ["rest_framework", "helpdesk"],
    "spirit": [
        "spirit.core",
        "spirit.admin",
        "spirit.search",
        "spirit.user",
        "spirit.user.admin",
        "spirit.user.auth",
        "spirit.category",
        "spirit.category.admin",
        "spirit.topic",
        "spirit.topic.admin",
        "spirit.topic.favorite",
        "spirit.topic.moderate",
        "spirit.topic.notification",
        "spirit.topic.private",
        "spirit.topic.unread",
        "spirit.comment",
        "spirit.comment.bookmark",
        "spirit.comment.flag",
        "spirit.comment.flag.admin",
        "spirit.comment.history",
        "spirit.comment.like",
        "spirit.comment.poll",
        "djconfig",
        "haystack",
    ],
    "django_ledger": ["django_ledger"],
    "wiki": [
        "mptt",
        "sekizai",
        "sorl.thumbnail",
        "django_nyt.apps.DjangoNytConfig",
        "wiki.apps.WikiConfig",
        "wiki.plugins.attachments.apps.AttachmentsConfig",
        "wiki.plugins.notifications.apps.NotificationsConfig",
        "wiki.plugins.images.apps.ImagesConfig",
        "wiki.plugins.macros.apps.MacrosConfig",
    ],
    "allauth": [
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.github",
        "allauth.socialaccount.providers.google",
        "allauth.usersessions",
    ],
    "photologue": ["sortedm2m", "photologue"],
    "newsletter": ["newsletter"],
}
"""For each package, the apps to be installed."""

INSTALLED_APPS = list(
    dict.fromkeys(
        [
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django.contrib.humanize",
            "django.contrib.sites",
            *(app for package in COMPOSED for app in APPS.get(package, ())),
        ]
    )
)
SECRET_KEY = "not a secret"  # noqa: S105  a benchmark's
SITE_ID = 1
ROOT_URLCONF = "composed.urls"
USE_TZ = True
STATIC_URL = "/static/"
MEDIA_ROOT = BASE_DIR / "media"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "machina_attachments", "st_rate_limit")
}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HELPDESK_PUBLIC_ENABLED = True
ST_SITE_URL = "http://127.0.0.1/"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    *(["djconfig.middleware.DjConfigMiddleware"] if "spirit" in COMPOSED else ()),
    *(["allauth.account.middleware.AccountMiddleware"] if "allauth" in COMPOSED else ()),
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "machina" / "templates" / "machina"] if "machina" in COMPOSED else [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *(["machina.core.context_processors.metadata"] if "machina" in COMPOSED else ()),
                *(["sekizai.context_processors.sekizai"] if "wiki" in COMPOSED else ()),
                *(["djconfig.context_processors.config"] if "spirit" in COMPOSED else ()),
            ],
        },
    },
]
