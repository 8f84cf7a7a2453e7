from .models import Category


def categories(request):
    return {"categories": Category.objects.all(), "shop_name": "The test shop"}
