from django import forms


class PeriodForm(forms.Form):
    """The days a report covers, both included."""

    start = forms.DateField()
    end = forms.DateField()

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and start > end:
            raise forms.ValidationError("A period ends after it starts.")
        return cleaned
