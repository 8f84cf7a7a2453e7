from django.http import Http404
from django.test import RequestFactory

from articles.models import Article
from articles.views import article_detail
from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_user


class ArticleTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_user(
            "editor",
            "articles.add_article",
            "articles.change_article",
            "articles.delete_article",
            first_name="Ed",
            last_name="Itor",
        )
        cls.article = Article.objects.create(
            author=cls.editor, title="On lamps", body="Oak.\n\nBrass.", is_published=True
        )
        cls.draft = Article.objects.create(author=cls.editor, title="On rugs", body="Wool.")

    def test_the_list_has_no_drafts(self):
        response = self.client.get("/articles/")
        self.assertContains(response, "On lamps")
        self.assertNotContains(response, "On rugs")

    def test_an_article_is_one_query(self):
        with self.assertNumQueries(1):
            response = self.client.get(f"/articles/{self.article.pk}/")
        self.assertContains(response, "By Ed Itor")
        self.assertContains(response, "<p>Brass.</p>", html=True)

    def test_a_draft_is_not_found(self):
        self.assertEqual(self.client.get(f"/articles/{self.draft.pk}/").status_code, 404)

    def test_the_view_itself(self):
        request = RequestFactory().get("/articles/")
        request.user = self.editor
        self.assertEqual(article_detail(request, pk=self.article.pk).status_code, 200)
        with self.assertRaises(Http404):
            article_detail(request, pk=self.draft.pk)

    def test_an_editor_writes_one(self):
        self.client.force_login(self.editor)
        fields = {"title": "On pens", "body": "Steel.", "is_published": "on"}
        response = self.client.post("/articles/new/", fields)
        article = Article.objects.get(title="On pens")
        self.assertRedirects(response, f"/articles/{article.pk}/")
        self.assertEqual(article.author, self.editor)

    def test_an_article_needs_a_title(self):
        self.client.force_login(self.editor)
        self.assertEqual(self.client.post("/articles/new/", {"body": "x"}).status_code, 400)

    def test_an_editor_changes_one(self):
        self.client.force_login(self.editor)
        path = f"/articles/{self.article.pk}/edit/"
        self.assertContains(self.client.get(path), "On lamps")
        self.client.post(path, {"title": "On lights", "body": "Oak.", "is_published": "on"})
        self.article.refresh_from_db()
        self.assertEqual(self.article.title, "On lights")

    def test_an_editor_deletes_one(self):
        self.client.force_login(self.editor)
        path = f"/articles/{self.article.pk}/delete/"
        self.assertContains(self.client.get(path), "Delete On lamps?")
        self.assertRedirects(self.client.post(path), "/articles/")
        self.assertFalse(Article.objects.filter(pk=self.article.pk).exists())

    def test_others_may_not(self):
        self.client.force_login(make_user())
        for path in ("new", f"{self.article.pk}/edit", f"{self.article.pk}/delete"):
            with self.subTest(path):
                self.assertEqual(self.client.post(f"/articles/{path}/").status_code, 403)
