from django.conf import settings
from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=50)


class Product(models.Model):
    name = models.CharField(max_length=50)
    category = models.ForeignKey(Category, models.CASCADE)


class Review(models.Model):
    product = models.ForeignKey(Product, models.CASCADE)
    text = models.TextField()


class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE)
    stripe_id = models.CharField(max_length=50)


class Address(models.Model):
    street = models.CharField(max_length=50)


class Order(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    shipping_address = models.ForeignKey(Address, models.CASCADE)


class OrderItem(models.Model):
    order = models.ForeignKey(Order, models.CASCADE)
    product = models.ForeignKey(Product, models.CASCADE)


class Payment(models.Model):
    order = models.OneToOneField(Order, models.CASCADE)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
