from .models import A, B


def view(request):
	"""Two counts."""
	a = A.objects.count()
	b = str(B.objects.count())
	return a, b, """one
two"""
