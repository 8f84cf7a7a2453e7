"""Accounts, the transfers between them, and the background jobs that were done."""

from django.db import models


class Account(models.Model):
    """An account; the sum over all of them never changes."""

    owner = models.CharField(max_length=50)
    balance = models.BigIntegerField()

    def __str__(self) -> str:
        return self.owner


class Transfer(models.Model):
    """A transfer, committed with the two balances it changes."""

    token = models.CharField(max_length=50)
    source = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="outgoing")
    target = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="incoming")
    amount = models.IntegerField()

    def __str__(self) -> str:
        return self.token


class JobDone(models.Model):
    """What a background job leaves."""

    token = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.token
