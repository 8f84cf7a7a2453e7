from django.utils.translation import gettext as _
from django_unblock import together

from .models import A, B, C, D


class Shapes(Base):
    def shapes(self, request, pk, total):
        text = _("hello")
        b: B

        def read_c():
            return {
                # by key
                "c": C.objects.count(),
            }

        def read_total(total):
            total += D.objects.count()
            return total

        def read_found():
            found = (last := D.objects.last()) and last.pk
            return found, last

        # These do not depend on each other: they run at the same time.
        a, b, c, (first, second), total, (found, last), owner, _unused = together(
            lambda: A.objects.get(pk=pk),  # the main one
            # B comes with its owner.
            B.objects.first,
            read_c,
            lambda: D.objects.values_list("x", "y").get(pk=pk),
            lambda: read_total(total),
            read_found,
            lambda: request.user.owner.name.lower(),
            lambda: B.objects.filter(pk=pk).update(seen=True),
        )

        return text, a, b, c, first, second, total, found, last, owner

    def loads(self, request):
        context = super().loads(request)
        rows = A.objects.all()
        others = B.objects.filter(open=True)
        # rows and others do not depend on each other: they load at the same time.
        together(rows, others)
        return self.render("page.html", {"rows": rows, "others": others, **context})

    def loads_beside(self):
        rows = A.objects.all()
        context["count"], _unused = together(B.objects.count, rows)
        return self.render({"rows": rows, **context})

    def inherited(self):
        mine = A.objects.count()
        theirs = super().count()
        if mine:
            ours, yours = together(B.objects.count, C.objects.count)
            return ours, yours
        return theirs
