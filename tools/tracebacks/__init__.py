"""Makes the mistakes that `django-unblock explain` knows, for real, and keeps the tracebacks that they give."""
