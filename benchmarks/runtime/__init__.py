"""`make bench-runtime`: one Django project on stock Django, on django-unblock and on their rivals."""
