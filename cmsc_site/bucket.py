"""Object storage instead of a machine's disk: what the environment says of it, and the storages."""

import re
from importlib.util import find_spec
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cmsc_site.environment import Environment

_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# The storage, its class in library/object_storage.py, and its folder in the bucket.
_STORAGES = [
    ("default", "MediaBucket", "media"),
    ("filings", "Bucket", "filings"),
    ("imports", "ListBucket", "imports"),
    ("dbbackup", "BackupBucket", "backups"),
]


def bucket_storages(env: Environment, *, file_server: str) -> dict[str, dict]:
    """Return the storages that are in a bucket, as STORAGES names them; none without a bucket.

    Raises ImproperlyConfigured where it is set by halves.
    """
    bucket = {
        "bucket_name": env.str("S3_BUCKET", default=""),
        "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
        "region_name": env.str("S3_REGION", default="") or None,
        "access_key": env.str("S3_ACCESS_KEY", default="") or None,
        "secret_key": env.str("S3_SECRET_KEY", default="") or None,
    }
    check_object_storage(**bucket, file_server=file_server)
    if not bucket["bucket_name"]:
        return {}
    return {
        name: {
            "BACKEND": f"library.object_storage.{kind}",
            "OPTIONS": {**bucket, "location": folder},
        }
        for name, kind, folder in _STORAGES
    }


def check_object_storage(
    *,
    bucket_name: str,
    endpoint_url: str | None,
    region_name: str | None,
    access_key: str | None,
    secret_key: str | None,
    file_server: str,
) -> None:
    """Raise ImproperlyConfigured, with what to set, when object storage is set by halves."""
    if not bucket_name:
        given = {
            "S3_ENDPOINT": endpoint_url,
            "S3_REGION": region_name,
            "S3_ACCESS_KEY": access_key,
            "S3_SECRET_KEY": secret_key,
            "FILE_SERVER=bucket": file_server == "bucket",
        }
        for name in filter(given.get, given):
            raise ImproperlyConfigured(
                f"{name} is set but S3_BUCKET is not. Set S3_BUCKET to the bucket's name, or "
                f"leave {name} out to keep uploads in VAR_DIR."
            )
        return
    if not _BUCKET_NAME.fullmatch(bucket_name):
        raise ImproperlyConfigured(
            f"S3_BUCKET is {bucket_name!r}; it must be a bucket's name alone, such as cmsc-site: "
            "3 to 63 small letters, digits, hyphens and dots."
        )
    address = urlsplit(endpoint_url or "https://localhost")
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise ImproperlyConfigured(
            f"S3_ENDPOINT is {endpoint_url!r}; it must be an address such as "
            "https://s3.example.org, or left out for Amazon's."
        )
    if bool(access_key) != bool(secret_key):
        missing = "S3_SECRET_KEY" if access_key else "S3_ACCESS_KEY"
        raise ImproperlyConfigured(
            f"{missing} is not set while its other half is. Set both, or neither where the "
            "machine's own role may use the bucket."
        )
    if file_server in {"caddy", "nginx"}:
        raise ImproperlyConfigured(
            f"FILE_SERVER is {file_server!r} while S3_BUCKET is set: files in a bucket are not on "
            "that server's disk. Leave FILE_SERVER out, or set it to bucket."
        )
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "S3_BUCKET is set but the packages for it are not installed: "
            "pip install --require-hashes --no-deps -r requirements-machines.txt."
        )
