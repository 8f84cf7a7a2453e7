"""Pillow: work for the CPU."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_IMAGE = "PIL.Image.Image"

FAMILY = Family(
    name="pillow",
    title="Pillow",
    summary=(
        "Decoding, scaling and encoding burn CPU; async code gains nothing from them. A view that only does that is "
        "left; in one that is converted for other reasons they go to a worker thread."
    ),
    entries=(
        Entry("open", ("PIL.Image.open",), "cpu", "offload", reads=("object",), returns=_IMAGE,
              raises=("PIL.UnidentifiedImageError",)),
        Entry(
            "transform",
            (
                *(
                    f"{_IMAGE}.{name}"
                    for name in ("resize", "thumbnail", "convert", "filter", "rotate", "transpose", "crop", "copy",
                                 "quantize", "transform", "point", "paste", "load", "reduce")
                ),
                *(f"PIL.ImageOps.{name}" for name in ("exif_transpose", "fit", "contain", "cover", "pad", "grayscale",
                                                      "autocontrast", "equalize", "invert", "mirror", "flip")),
            ),
            "cpu",
            "offload",
            returns=_IMAGE,
            examples=(
                Example(
                    'image = Image.open(request.FILES["image"])\n'
                    "small = image.resize((10, 10))\n"
                    'return JsonResponse({"width": small.width})',
                    'image = Image.open(request.FILES["image"])\n'
                    "small = image.resize((10, 10))\n"
                    'return JsonResponse({"width": small.width})',
                    why="It burns CPU: there is nothing to wait for.",
                ),
            ),
        ),
        Entry("save", (f"{_IMAGE}.save",), "cpu", "offload", writes=("object",)),
    ),
    harmless=(
        Harmless((f"{_IMAGE}.getbbox", f"{_IMAGE}.getpixel", f"{_IMAGE}.close", f"{_IMAGE}.__enter__",
                  f"{_IMAGE}.__exit__", f"{_IMAGE}.getexif", f"{_IMAGE}.verify", f"{_IMAGE}.seek")),
        Harmless(("PIL.Image.new",), returns=_IMAGE),
    ),
)  # fmt: skip
