from django import forms

from .models import Category, Review, Tag


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
