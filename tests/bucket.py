"""A bucket on this machine, spoken to as Amazon's are."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

NAME = "cmsc-site"
KEYS = {"access_key": "only-for-tests", "secret_key": "only-for-tests"}
REGION = "us-east-1"


@contextmanager
def served_bucket() -> Iterator[str]:
    """Serve an empty bucket until the block ends; give the address of its server."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        s3_client(endpoint).create_bucket(Bucket=NAME)
        yield endpoint
    finally:
        server.stop()


def s3_client(endpoint: str):
    """Return a client of Amazon's own making, past the site."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )


def storages_in(endpoint: str) -> dict[str, dict]:
    """Return what STORAGES says of uploads where they are in the bucket."""
    options = {"bucket_name": NAME, "endpoint_url": endpoint, "region_name": REGION, **KEYS}
    return {
        name: {
            "BACKEND": f"library.object_storage.{kind}",
            "OPTIONS": {**options, "location": folder},
        }
        for name, kind, folder in [
            ("default", "MediaBucket", "media"),
            ("filings", "Bucket", "filings"),
            ("imports", "ListBucket", "imports"),
            ("dbbackup", "BackupBucket", "backups"),
        ]
    }
