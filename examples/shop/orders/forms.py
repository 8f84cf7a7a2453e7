from django import forms

from .models import Address


class CheckoutForm(forms.Form):
    """The cart lives in the browser: a JSON object of SKU to quantity."""

    cart = forms.JSONField(required=False, widget=forms.HiddenInput)
    address = forms.ModelChoiceField(queryset=Address.objects.none())

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["address"].queryset = Address.objects.filter(user=user)

    def clean_cart(self):
        cart = self.cleaned_data["cart"] or {}
        if not isinstance(cart, dict):
            raise forms.ValidationError("A cart is an object of SKU to quantity.")
        for quantity in cart.values():
            if type(quantity) is not int or not 1 <= quantity <= 99:
                raise forms.ValidationError("A quantity is a whole number from 1 to 99.")
        return cart
