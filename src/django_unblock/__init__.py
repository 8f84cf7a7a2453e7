"""The runtime of django-unblock: Django's ORM on the event loop, without threads."""
