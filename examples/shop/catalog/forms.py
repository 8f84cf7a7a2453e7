from django import forms

from .models import Category, Review


class ReviewForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["rating", "title", "body"]

    def clean(self):
        """One review for each customer: a clear message beats a database error."""
        cleaned = super().clean()
        earlier = Review.objects.filter(product=self.instance.product, author=self.instance.author)
        if earlier.exists():
            raise forms.ValidationError("You have reviewed this product already.")
        return cleaned


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ["name", "slug", "description"]
