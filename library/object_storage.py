"""Uploads in a bucket of S3 or of anything that speaks like it, for a site on several machines.

Nothing in the bucket is public. The site itself hands out what is in it, at the same addresses
and under the same rules as from a disk.
"""

import io
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from threading import Lock
from urllib.parse import urljoin

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

# What is larger is not held in memory while it is read or written.
MOST_IN_MEMORY = 4 * 1024 * 1024
LIST_BLOCK_BYTES = 1024 * 1024

_connecting = Lock()


class Bucket(S3Storage):
    """A folder of the bucket. What is stored there is never written over, as on a disk."""

    def get_default_settings(self) -> dict:
        """Return what the site's settings need not say."""
        return super().get_default_settings() | {
            "file_overwrite": False,
            "max_memory_size": MOST_IN_MEMORY,
            "client_config": client_config(),
        }

    @property
    def connection(self):
        """The connections of this process; django-storages makes some for each thread."""
        with _connecting:
            return _connection(
                self.endpoint_url, self.region_name, self.access_key, self.secret_key
            )

    def stored(self, name: str, start: int = 0, end: int | None = None) -> dict:
        """Return the bucket's answer on the bytes from `start` to the one before `end`.

        Its "Body" is to be closed. Raises FileNotFoundError.
        """
        asked = {"Range": f"bytes={start}-{'' if end is None else end - 1}"}
        if start == 0 and end is None:
            asked = {}
        try:
            return self.connection.meta.client.get_object(
                Bucket=self.bucket_name, Key=self._normalize_name(name), **asked
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise

    def read_part(self, name: str, start: int, end: int, block_bytes: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to the one before `end`; asked for when the first is.

        Raises FileNotFoundError, or botocore's errors where the bytes end too soon.
        """
        if start < end:
            with closing(self.stored(name, start, end)["Body"]) as body:
                yield from body.iter_chunks(block_bytes)


class MediaBucket(Bucket):
    """Pictures and documents; a picture's address is the site's own."""

    def url(self, name: str, *_args: object, **_kwargs: object) -> str:
        """Return the address at which the site gives out the file, where it does."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))


class BackupBucket(Bucket):
    """Backups; one of the same name is written over, as on a disk."""

    def get_default_settings(self) -> dict:
        """Return what the site's settings need not say."""
        return super().get_default_settings() | {"file_overwrite": True}


class ListBucket(Bucket):
    """Lists, which are read part by part from a place on, and not fetched whole for each part."""

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            return super()._open(name, mode)
        return File(io.BufferedReader(StoredBytes(self, name), LIST_BLOCK_BYTES), name)


class StoredBytes(io.RawIOBase):
    """The bytes of a stored file, fetched from wherever reading begins."""

    def __init__(self, bucket: Bucket, name: str) -> None:
        self._bucket, self._name = bucket, name
        self._size = bucket.size(name)
        self._place, self._body = 0, None

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, and return it; nothing is fetched yet."""
        before = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if before + offset != self._place:
            self._let_go()
            self._place = before + offset
        return self._place

    def readinto(self, buffer: bytearray) -> int:
        """Fill the buffer as far as bytes have come; return how many, 0 at the end."""
        if self._place >= self._size:
            return 0
        if self._body is None:
            self._body = self._bucket.stored(self._name, self._place, self._size)["Body"]
        read = self._body.read(len(buffer))
        buffer[: len(read)] = read
        self._place += len(read)
        return len(read)

    def close(self) -> None:
        """End what is being fetched."""
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


def client_config() -> Config:
    """Return how the bucket is spoken to: as all who speak like S3 understand, and patiently."""
    return Config(
        connect_timeout=5,
        read_timeout=20,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=32,
        # Not everyone who speaks like S3 knows the newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@lru_cache
def _connection(endpoint: str | None, region: str | None, key: str | None, secret: str | None):
    session = boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret)
    return session.resource("s3", endpoint_url=endpoint, region_name=region, config=client_config())
