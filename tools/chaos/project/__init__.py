"""A small bank: the Django project that the chaos happens to."""

POOL_SIZE = 5
