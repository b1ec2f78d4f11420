"""What the environment must say before the site starts, and a sentence for each way it may not."""

import re
import warnings
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "on", "true", "yes"}
FALSE_WORDS = {"0", "off", "false", "no", ""}
# Those that django-anymail knows, by the names of its modules.
MAIL_PROVIDERS = (
    "amazon_ses", "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postal",
    "postmark", "resend", "sendgrid", "sparkpost", "unisender_go",
)  # fmt: skip
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
_PUBLIC_ADDRESS = re.compile(
    r"https?://(\[::1\]|(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*)(:\d{1,5})?", re.IGNORECASE
)
_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_LINE = re.compile(r"^(export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=")


class Environment(environ.Env):
    """django-environ, with the variable's name in every complaint."""

    def get_value(self, var, *args, **kwargs):
        """Return the variable's value; ImproperlyConfigured names the variable that is wrong."""
        try:
            return super().get_value(var, *args, **kwargs)
        except (ValueError, TypeError, LookupError) as error:
            raise ImproperlyConfigured(f"{var} cannot be read: {error}.") from error

    def bool(self, var, *, default=False):
        """Return True for on, yes, true, 1 and False for off, no, false, 0; refuse other words."""
        word = self.str(var, default="on" if default else "off").strip().lower()
        if word not in TRUE_WORDS | FALSE_WORDS:
            raise ImproperlyConfigured(f"{var} is {word!r}; it must be on or off.")
        return word in TRUE_WORDS

    def one_of(self, var, words: tuple[str, ...], *, default: str = "") -> str:
        """Return the variable's value, which must be one of the words; empty is the default."""
        word = self.str(var, default="").strip().lower() or default
        if word not in {*words, default}:
            raise ImproperlyConfigured(
                f"{var} is {word!r}; it must be one of {', '.join(words)}, or left out."
            )
        return word

    def db(self, var, *, default):
        """Return Django's database settings for the address in the variable."""
        try:
            with warnings.catch_warnings():
                # The sentence below says the same, with the variable's name.
                warnings.simplefilter("ignore")
                settings = super().db(var, default=default)
        except (ValueError, KeyError) as error:
            raise ImproperlyConfigured(f"{var} cannot be read: {error}.") from error
        if not settings.get("ENGINE") or not settings.get("NAME"):
            raise ImproperlyConfigured(
                f"{var} must be an address such as sqlite:////srv/site.sqlite3 "
                "or postgres://user:password@host/name."
            )
        return settings

    def email_url(self, var, *, default):
        """Return Django's mail settings for the address in the variable; empty is the default."""
        try:
            settings = self.email_url_config(self.str(var, default="") or default)
        except (ValueError, KeyError, ImproperlyConfigured) as error:
            raise ImproperlyConfigured(
                f"{var} must be an address such as smtp+tls://user:password@host:587: {error}."
            ) from error
        if settings["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
            settings["EMAIL_BACKEND"] = "cmsc_site.local_mail.EmailBackend"
            # It reads filemail:///srv/mail as srv/mail, below whatever folder it was started in.
            settings["EMAIL_FILE_PATH"] = f"/{settings['EMAIL_FILE_PATH'].lstrip('/')}"
        return settings


def read_environment_file(path: Path) -> None:
    """Read `path` into the environment where it exists; what is set already stays.

    Raises ImproperlyConfigured naming the line that is not `NAME=value`, so that a slip of the
    pen is not silently passed over.
    """
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#") and not _LINE.match(line.lstrip()):
            name = line.split()[0]
            raise ImproperlyConfigured(
                f"{path.name}, line {number}: {name!r} is not of the form NAME=value."
            )
    environ.Env.read_env(path)


def check_environment(*, secret_key: str, debug: bool, site_url: str, sample_content: bool) -> None:
    """Raise ImproperlyConfigured, with what to set, when the settings are missing or unsafe."""
    if not secret_key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Put SECRET_KEY= and 50 or more random characters into .env, "
            "or let `make run` write one."
        )
    if len(secret_key) < 50 or len(set(secret_key)) < 5:
        raise ImproperlyConfigured(
            "SECRET_KEY is too short or too plain: it needs 50 or more random characters."
        )
    address = urlsplit(site_url)
    try:
        address.port  # noqa: B018 - reading it raises when it is not a number
    except ValueError:
        address = urlsplit("")
    if address.scheme not in {"http", "https"} or not _PUBLIC_ADDRESS.fullmatch(site_url):
        raise ImproperlyConfigured(
            f"SITE_URL is {site_url!r}; it must be the site's public address without a path, "
            "such as https://www.example.org."
        )
    if address.hostname in LOCAL_HOSTS:
        return
    if address.scheme == "http":
        raise ImproperlyConfigured(
            f"SITE_URL is {site_url!r}: a public site must be served over https. "
            "Set SITE_URL to its https:// address."
        )
    if debug:
        raise ImproperlyConfigured(
            "DEBUG is on while SITE_URL is a public address. Set DEBUG=off, "
            "or SITE_URL=http://localhost:8000."
        )
    if sample_content:
        raise ImproperlyConfigured(
            "SAMPLE_CONTENT is on while SITE_URL is a public address. Set SAMPLE_CONTENT=off."
        )


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


def check_cdn(
    cdn: str, *, cdn_id: str, token: str, access_key: str, secret_key: str, addresses: list[str]
) -> None:
    """Raise ImproperlyConfigured, with what to set, when a CDN is set by halves."""
    needed = {
        "": {},
        "cloudflare": {"CDN_ID": cdn_id, "CDN_TOKEN": token},
        "cloudfront": {"CDN_ID": cdn_id},
        "purge": {"CDN_ADDRESSES": addresses},
    }[cdn]
    for name in needed:
        if not needed[name]:
            raise ImproperlyConfigured(
                f"CDN is {cdn!r}, which needs {name}; .env.example says what."
            )
    given = {
        "CDN_ID": cdn_id,
        "CDN_TOKEN": token,
        "CDN_ACCESS_KEY": access_key,
        "CDN_SECRET_KEY": secret_key,
        "CDN_ADDRESSES": addresses,
    }
    if not cdn and any(given.values()):
        name = next(filter(given.get, given))
        raise ImproperlyConfigured(
            f"{name} is set but CDN is not. Set CDN to cloudflare, cloudfront or purge, "
            f"or leave {name} out."
        )
    if bool(access_key) != bool(secret_key):
        missing = "CDN_SECRET_KEY" if access_key else "CDN_ACCESS_KEY"
        raise ImproperlyConfigured(
            f"{missing} is not set while its other half is. Set both, or neither where the "
            "machine's own role may make invalidations."
        )
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ImproperlyConfigured(
                f"CDN_ADDRESSES has {address!r}; each must be an address such as http://cache:80."
            )
    if cdn == "cloudfront" and find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "CDN is 'cloudfront' but the package for it is not installed: "
            "pip install --require-hashes --no-deps -r requirements-machines.txt."
        )
