from django import forms

from .models import Category, OrderItem, Product, Review, Tag


class ReviewForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["rating"]


class TagForm(forms.ModelForm):
    class Meta:
        model = Tag
        fields = ["name"]


class SearchForm(forms.Form):
    words = forms.CharField()
    category = forms.ModelChoiceField(Category.objects.all(), required=False)


class PlainForm(forms.Form):
    words = forms.CharField()

    def clean_words(self):
        return self.cleaned_data["words"].strip()


class ProductForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = ["name", "category", "tags", "picture"]


class NarrowForm(forms.Form):
    category = forms.ModelChoiceField(Category.objects.all())
    review = forms.ModelChoiceField(Review.objects.all())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["review"].queryset = Review.objects.filter(product__stock=1)


class ItemForm(forms.Form):
    item = forms.ModelChoiceField(OrderItem.objects.all())
