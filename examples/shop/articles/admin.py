from django.contrib import admin

from .models import Article


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ["title", "author", "is_published", "created"]
    list_filter = ["is_published"]
    list_select_related = ["author"]
    raw_id_fields = ["author", "products"]
