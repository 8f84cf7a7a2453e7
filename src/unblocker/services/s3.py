"""S3 as moto's server speaks it, in memory, with a bucket to put things in."""

import sys
from pathlib import Path

from unblocker.services.ports import LOOPBACK
from unblocker.services.processes import Command

REGION = "us-east-1"
ACCESS_KEY = "loopback"
SECRET_KEY = "loopback"  # noqa: S105  # moto takes any


def command(port: int, log: Path) -> Command:
    """How to run the server."""
    argv = (sys.executable, "-m", "moto.server", "-H", LOOPBACK, "-p", str(port))
    return Command("the S3 server", argv, cwd=log.parent, log=log, port=port)


def endpoint(port: int) -> str:
    """The URL that clients are given as `endpoint_url`."""
    return f"http://{LOOPBACK}:{port}"


def create_bucket(port: int, bucket: str) -> None:
    """Create the bucket; creating it again changes nothing."""
    import boto3  # takes long to import

    client = boto3.client(
        "s3",
        endpoint_url=endpoint(port),
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )
    client.create_bucket(Bucket=bucket)
