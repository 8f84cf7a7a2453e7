"""The bucket that documents are kept in."""

from functools import cache

import boto3
from botocore.config import Config
from django.conf import settings


@cache
def s3_client(endpoint_url):
    """A client for the bucket's server; clients are expensive to make and safe to share."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint_url,
        region_name=settings.AWS_REGION,
        aws_access_key_id=settings.AWS_ACCESS_KEY_ID,
        aws_secret_access_key=settings.AWS_SECRET_ACCESS_KEY,
        config=Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 2}),
    )


def store(key, upload):
    """Put an uploaded file in the bucket; raises botocore's errors."""
    upload.seek(0)
    s3_client(settings.S3_ENDPOINT).put_object(
        Bucket=settings.S3_BUCKET,
        Key=key,
        Body=upload,
        ContentType=upload.content_type,
    )
