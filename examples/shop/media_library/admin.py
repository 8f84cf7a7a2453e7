from django.contrib import admin

from .models import Document


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ["title", "owner", "content_type", "size", "created"]
    list_select_related = ["owner"]
    raw_id_fields = ["owner"]
