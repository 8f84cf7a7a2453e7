from django.conf import settings
from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=50)


class Book(models.Model):
    title = models.CharField(max_length=50, unique=True)
    shelf = models.ForeignKey(Shelf, models.CASCADE)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    copies = models.IntegerField(default=0)


class Entry(models.Model):
    text = models.CharField(max_length=200)
    written = models.DateTimeField(auto_now_add=True)
