"""Middleware of every kind; nothing of it is in the settings but what an example puts there."""

from inspect import iscoroutinefunction

from django.utils.decorators import sync_and_async_middleware
from django.utils.deprecation import MiddlewareMixin


def synchronous(get_response):
    def middleware(request):
        return get_response(request)

    return middleware


class Synchronous:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


@sync_and_async_middleware
def both(get_response):
    if iscoroutinefunction(get_response):

        async def middleware(request):
            return await get_response(request)

    else:

        def middleware(request):
            return get_response(request)

    return middleware


class Both(MiddlewareMixin):
    def process_request(self, request):
        request.seen = True
