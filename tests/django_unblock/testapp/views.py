from django.http import JsonResponse

from testapp.models import Book


async def book(request, pk):
    found = await Book.objects.aget(pk=pk)
    return JsonResponse({"title": found.title, "author": found.author.name})
