from django import forms
from django.conf import settings

CONTENT_TYPES = {"application/pdf", "image/jpeg", "image/png", "text/plain"}


class DocumentForm(forms.Form):
    title = forms.CharField(max_length=120)
    file = forms.FileField()

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.content_type not in CONTENT_TYPES:
            raise forms.ValidationError("Only PDF, JPEG, PNG and plain text, please.")
        if upload.size > settings.DOCUMENT_MAX_BYTES:
            raise forms.ValidationError("This file is too large.")
        return upload


class ThumbnailForm(forms.Form):
    image = forms.ImageField()
    width = forms.IntegerField(min_value=16, max_value=1024, initial=240)
