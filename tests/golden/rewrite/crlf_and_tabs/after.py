from django_unblock import gather

from .models import A, B


async def view(request):
	"""Two counts."""

	async def count_b():
		return str(await B.objects.acount())

	# Both at once.
	a, b = await gather(A.objects.acount(), count_b())
	return a, b, """one
two"""
