"""django-crm-admin, which is a whole site, as it comes; its threads, that read mail and send reminders, don't start."""

from webcrm.settings import *

TESTING = True
