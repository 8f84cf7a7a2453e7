"""A synchronous middleware, as most are: marks each response with its request's token."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse, JsonResponse

_token: ContextVar[str] = ContextVar("token", default="")


class Envelope:
    """Answers with the request's ``X-Token`` from a context variable, and tells errors as JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        _token.set(request.headers.get("X-Token", ""))
        response = self.get_response(request)
        response["X-Token"] = _token.get()
        return response

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse:
        """Tell which error it was: its class, with that of Django's database errors it is one of."""
        families = [kind.__name__ for kind in type(error).__mro__]
        return JsonResponse({"error": families, "message": str(error)}, status=500)
