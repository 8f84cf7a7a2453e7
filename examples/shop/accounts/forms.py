from django import forms

from .models import Profile


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Profile
        fields = ["phone", "newsletter"]

    def clean_phone(self):
        phone = self.cleaned_data["phone"].replace(" ", "")
        if phone and not phone.lstrip("+").isdigit():
            raise forms.ValidationError("A telephone number has digits only.")
        return phone
