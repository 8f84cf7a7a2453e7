from django.views import View

from .models import A, B


class Page(View):
    def get(self, request, *args, **kwargs):
        with self.lock:
            for n in range(3):
                if n:
                    a = A.objects.get(pk=n)
                    # then b
                    b = B.objects.get(pk=n)

                    self.seen = a, b
        self.a = A.objects.count()
        self.context["b"] = B.objects.count()
        return self.render(a)
