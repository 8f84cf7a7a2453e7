from django_unblock import bridge
from testapp.models import Author

events = []


class OnlySync:
    """A middleware as many are: neither async-capable nor marked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        events.append(("sync", bridge.inside(), Author.objects.count()))
        return self.get_response(request)


class OnlyAsync:
    sync_capable = False
    async_capable = True

    def __init__(self, get_response):
        self.get_response = get_response

    async def __call__(self, request):
        events.append(("async", bridge.inside(), await Author.objects.acount()))
        return await self.get_response(request)
