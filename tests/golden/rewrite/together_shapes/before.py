from django.utils.translation import gettext as _

from .models import A, B, C, D


class Shapes(Base):
    def shapes(self, request, pk, total):
        text = _("hello")
        a = A.objects.get(pk=pk)  # the main one

        # B comes with its owner.
        b: B = B.objects.first()
        c = {
            # by key
            "c": C.objects.count(),
        }
        first, second = D.objects.values_list("x", "y").get(pk=pk)
        total += D.objects.count()
        found = (last := D.objects.last()) and last.pk
        owner = request.user.owner.name.lower()
        B.objects.filter(pk=pk).update(seen=True)

        return text, a, b, c, first, second, total, found, last, owner

    def loads(self, request):
        context = super().loads(request)
        rows = A.objects.all()
        others = B.objects.filter(open=True)
        return self.render("page.html", {"rows": rows, "others": others, **context})

    def loads_beside(self):
        rows = A.objects.all()
        context["count"] = B.objects.count()
        return self.render({"rows": rows, **context})

    def inherited(self):
        mine = A.objects.count()
        theirs = super().count()
        if mine:
            ours = B.objects.count()
            yours = C.objects.count()
            return ours, yours
        return theirs
