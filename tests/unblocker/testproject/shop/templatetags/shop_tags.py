from django import template

from ..models import Product, Tag

register = template.Library()


@register.filter
def shout(text):
    return text.upper()


@register.simple_tag
def newest():
    return Product.objects.last()


@register.inclusion_tag("shop/banner.html")
def banner():
    return {"tags": Tag.objects.all()}
