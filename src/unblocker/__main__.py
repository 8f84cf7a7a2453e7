"""`python -m unblocker` is `django-unblock`."""

from unblocker.cli import main

main()
