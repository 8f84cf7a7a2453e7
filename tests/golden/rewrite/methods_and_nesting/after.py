from django.views import View
from django_unblock import gather

from .models import A, B


class Page(View):
    async def get(self, request, *args, **kwargs):
        with self.lock:
            for n in range(3):
                if n:
                    # Both at once.
                    a, b = await gather(
                        A.objects.aget(pk=n),
                        # then b
                        B.objects.aget(pk=n),
                    )

                    self.seen = a, b
        # Both counts at once.
        self.a, self.context["b"] = await gather(A.objects.acount(), B.objects.acount())
        return self.render(a)
