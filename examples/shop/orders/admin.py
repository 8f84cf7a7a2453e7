from django.contrib import admin

from .models import Address, Order, OrderItem, Payment


class OrderItemInline(admin.TabularInline):
    model = OrderItem
    extra = 0
    raw_id_fields = ["product"]


class PaymentInline(admin.StackedInline):
    model = Payment
    extra = 0


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["number", "user", "status", "total", "created"]
    list_filter = ["status"]
    list_select_related = ["user"]
    raw_id_fields = ["user", "shipping_address"]
    inlines = [OrderItemInline, PaymentInline]


@admin.register(Address)
class AddressAdmin(admin.ModelAdmin):
    list_display = ["recipient", "city", "country", "user"]
    list_select_related = ["user"]
    raw_id_fields = ["user"]
