from functools import wraps

from django.http import HttpResponseForbidden


def audited(view):
    """Looks at the response, and answers some requests itself."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.GET.get("refused"):
            return HttpResponseForbidden("refused")
        response = view(request, *args, **kwargs)
        response["X-Length"] = str(len(response.content))
        return response

    return wrapper
