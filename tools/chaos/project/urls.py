"""The bank's URLs."""

from django.urls import path

from tools.chaos.project import views

VIEWS = (
    views.transfer,
    views.transfer_in_thread,
    views.atransfer,
    views.gathered,
    views.nested,
    views.page,
    views.slow,
    views.stream,
    views.astream,
    views.upload,
    views.job,
)

urlpatterns = [
    path("pool/", views.pool),
    *(path(f"{view.__name__}/<str:token>/", view) for view in VIEWS),
]
