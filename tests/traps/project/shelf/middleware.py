from django.utils.functional import SimpleLazyObject

from shelf.models import Author


class GuideMiddleware:
    """Each request has a guide, who is looked up when somebody asks for him."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.guide = SimpleLazyObject(lambda: Author.objects.order_by("pk").first())
        return self.get_response(request)
