import hashlib
import io
import logging

from botocore.exceptions import BotoCoreError, ClientError
from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from PIL import Image, ImageFilter, ImageOps

from . import bucket
from .forms import DocumentForm, ThumbnailForm
from .models import Document

logger = logging.getLogger(__name__)


@login_required
@require_safe
def document_list(request):
    documents = Document.objects.owned_by(request.user)
    return render(
        request,
        "media_library/document_list.html",
        {"documents": documents, "form": DocumentForm()},
    )


@login_required
@require_POST
def upload_document(request):
    """Keep a document: the file in the bucket, the record in the database."""
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)

    upload = form.cleaned_data["file"]
    profile = request.user.profile
    used = Document.objects.owned_by(request.user).aggregate(total=Sum("size"))["total"] or 0
    if used + upload.size > profile.document_quota:
        return JsonResponse(
            {"errors": {"file": ["Your documents take too much room."]}}, status=413
        )

    # The same file twice is one object in the bucket.
    digest = hashlib.file_digest(upload, "sha256").hexdigest()
    key = f"documents/{request.user.pk}/{digest}"
    try:
        bucket.store(key, upload)
    except (BotoCoreError, ClientError) as error:
        logger.error("The bucket did not take %s: %s", key, error)
        return JsonResponse({"errors": {"file": ["It could not be stored."]}}, status=502)

    document = Document.objects.create(
        owner=request.user,
        title=form.cleaned_data["title"],
        key=key,
        content_type=upload.content_type,
        size=upload.size,
    )
    return JsonResponse({"id": document.pk, "title": document.title, "key": key}, status=201)


@login_required
@require_POST
def thumbnail(request):
    """A small, sharp copy of the image that was sent; nothing is kept."""
    form = ThumbnailForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)

    with Image.open(form.cleaned_data["image"]) as original:
        image = ImageOps.exif_transpose(original).convert("RGB")
    width = form.cleaned_data["width"]
    height = max(1, round(image.height * width / image.width))
    image = image.resize((width, height), Image.Resampling.LANCZOS).filter(ImageFilter.SHARPEN)

    data = io.BytesIO()
    image.save(data, "PNG", optimize=True)
    return HttpResponse(data.getvalue(), content_type="image/png")
