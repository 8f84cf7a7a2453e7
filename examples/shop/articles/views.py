from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from .forms import ArticleForm
from .models import Article


@require_safe
def article_list(request):
    return render(
        request, "articles/article_list.html", {"articles": Article.objects.published()[:20]}
    )


@require_safe
def article_detail(request, pk):
    article = get_object_or_404(Article.objects.published().select_related("author"), pk=pk)
    return render(request, "articles/article_detail.html", {"article": article})


@permission_required("articles.add_article", raise_exception=True)
def article_create(request):
    form = ArticleForm(request.POST or None)
    if form.is_valid():
        form.instance.author = request.user
        article = form.save()
        messages.success(request, "The article is saved.")
        return redirect(article)
    status = 400 if form.is_bound else 200
    return render(request, "articles/article_form.html", {"form": form}, status=status)


@permission_required("articles.change_article", raise_exception=True)
def article_update(request, pk):
    article = get_object_or_404(Article, pk=pk)
    form = ArticleForm(request.POST or None, instance=article)
    if form.is_valid():
        form.save()
        messages.success(request, "The article is saved.")
        return redirect(article)
    status = 400 if form.is_bound else 200
    return render(request, "articles/article_form.html", {"form": form}, status=status)


@permission_required("articles.delete_article", raise_exception=True)
def article_delete(request, pk):
    article = get_object_or_404(Article, pk=pk)
    if request.method == "POST":
        article.delete()
        messages.success(request, "The article is gone.")
        return redirect("articles:list")
    return render(request, "articles/article_confirm_delete.html", {"article": article})
