"""Forms that write while they check, sessions between reads, and objects that ask when somebody looks at them."""

from django import forms
from django.contrib.auth import get_user_model, login, logout
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from shelf.models import Author, Book, Counter, Entry, Review, Tag


class ReviewForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ("rating", "text")

    def clean_rating(self):
        rating = self.cleaned_data["rating"]
        Entry.objects.create(text=f"checked {rating}")
        if rating > 5:
            raise forms.ValidationError("five at most")
        return rating


def clean_that_writes(request, pk):
    """Checking the form writes the journal, whether the form is good or not.

    asks: POST 1 rating=3&text=fine -> 201; POST 1 rating=7&text=bad -> 200; POST 1 text=none -> 200
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    before = Entry.objects.count()
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors, "entries": Entry.objects.count() - before})
    review = form.save(commit=False)
    review.book = book
    review.save()
    reviews = Review.objects.count()
    tags = Tag.objects.count()
    entries = Entry.objects.count()
    return JsonResponse({"n": [reviews, tags, entries - before]}, status=201)


class ChoiceForm(forms.Form):
    book = forms.ModelChoiceField(Book.objects.none())

    def __init__(self, *args, author, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["book"].queryset = Book.objects.filter(author=author)
        self.number = self.fields["book"].queryset.count()


def constructor_that_queries(request, pk):
    """Making the form asks the database, and only for an author that is there.

    asks: GET 1 -> 200; GET 99 -> 404; POST 1 book=1 -> 302; POST 1 book=3 -> 200
    decided: convert, overlaps
    """
    author = get_object_or_404(Author, pk=pk)
    form = ChoiceForm(request.POST or None, author=author)
    tags = list(Tag.objects.order_by("pk"))
    reviews = list(Review.objects.order_by("pk"))
    if form.is_valid():
        return redirect("guards_hidden_between", pk=form.cleaned_data["book"].pk)
    return render(request, "form.html", {"form": form, "tags": tags, "reviews": reviews})


def session_between_reads(request, pk):
    """The session remembers what was read before it was written, and is saved once.

    asks: anna GET 1 -> 200; anna GET 2 -> 200; anna GET 1 -> 200
    decided: convert, overlaps
    """
    books = Book.objects.filter(author_id=pk).count()
    seen = request.session.get("seen", [])
    request.session["seen"] = [*seen, books]
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"seen": seen, "counts": [books, tags, authors]})


def session_of_a_stranger(request, pk):
    """A session that is only asked makes no row and no cookie; one that is written makes both.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    books = Book.objects.filter(author_id=pk).count()
    if not books:
        request.session["lost"] = pk
    tags = Tag.objects.count()
    authors = Author.objects.count()
    lost = request.session.get("lost")
    return JsonResponse({"lost": lost, "counts": [books, tags, authors]})


def logged_in_between(request, pk):
    """Before the login the user is a stranger, behind it he is not.

    asks: POST 1 -> 200; POST 99 -> 404
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    before = request.user.is_authenticated
    login(request, get_object_or_404(get_user_model(), pk=pk))
    return JsonResponse({"before": before, "after": request.user.username})


def logged_out_between(request, pk):
    """What was read for the user is his; behind the logout there is none.

    asks: anna GET 1 -> 200
    decided: convert, overlaps
    """
    name = request.user.username
    books = Book.objects.count()
    logout(request)
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"was": name, "is": str(request.user), "n": [books, tags, authors]})


def guide_of_the_middleware(request, pk):
    """The middleware's lazy object asks when the view looks at it, and not before.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    if pk == 2:
        return HttpResponse("no guide needed")
    books = list(Book.objects.filter(author=request.guide.pk).order_by("pk"))
    tags = list(Tag.objects.order_by("pk"))
    guided = request.guide.number_of_books()
    reviews = list(Review.objects.order_by("pk"))
    shown = {"books": books, "tags": tags, "reviews": reviews, "guided": guided}
    return render(request, "lists.html", shown)
