"""django-spirit's own settings for its tests, which its project template has."""

from spirit.extra.project_template.project_name.settings.test import *

ROOT_URLCONF = "corpus_site.urls"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
