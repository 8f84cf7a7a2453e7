"""boto3 and botocore: S3 and the rest of AWS."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_CLIENT = "botocore.client.BaseClient"
_ERRORS = ("botocore.exceptions.ClientError", "botocore.exceptions.BotoCoreError")
_READS = (
    "get_object", "head_object", "head_bucket", "list_objects", "list_objects_v2", "list_buckets",
    "get_object_attributes", "get_object_tagging", "get_bucket_location", "get_item", "batch_get_item", "query",
    "scan", "get_secret_value", "get_parameter", "get_parameters", "describe_table",
)  # fmt: skip

FAMILY = Family(
    name="boto3",
    title="boto3",
    summary="boto3 is synchronous inside (urllib3 and threads): its calls go to a worker thread with `offload`.",
    entries=(
        Entry(
            "read",
            tuple(f"{_CLIENT}.{name}" for name in _READS),
            "storage",
            "offload",
            reads=("service",),
            raises=_ERRORS,
        ),
        Entry(
            "call",
            (f"{_CLIENT}.*",),
            "storage",
            "offload",
            reads=("service",),
            writes=("service",),
            raises=_ERRORS,
            examples=(
                Example(
                    's3 = boto3.client("s3")\n'
                    's3.put_object(Bucket="media", Key="a", Body=b"a")\n'
                    "products = Product.objects.count()\n"
                    'return JsonResponse({"products": products})',
                    's3 = boto3.client("s3")\n'
                    "# put object and products do not depend on each other: they run at the same time.\n"
                    "_, products = await gather(\n"
                    '    offload(s3.put_object)(Bucket="media", Key="a", Body=b"a"), Product.objects.acount()\n'
                    ")\n"
                    'return JsonResponse({"products": products})',
                ),
            ),
        ),
        Entry(
            "resource_call",
            ("boto3.resources.base.ServiceResource.*",),
            "storage",
            "offload",
            reads=("service",),
            writes=("service",),
            raises=_ERRORS,
        ),
    ),
    harmless=(
        Harmless(("boto3.client", "boto3.session.Session.client"), returns=_CLIENT),
        Harmless(
            ("boto3.resource", "boto3.session.Session.resource"),
            returns="boto3.resources.base.ServiceResource",
        ),
        Harmless(("boto3.session.Session",), returns="boto3.session.Session"),
        Harmless(("botocore.config.Config",)),
        Harmless(
            tuple(
                f"{_CLIENT}.{name}"
                for name in (
                    "generate_presigned_url",
                    "generate_presigned_post",
                    "can_paginate",
                    "close",
                )
            )
        ),
    ),
)
