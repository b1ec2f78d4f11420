"""What the environment must say before the site starts, and a sentence for each way it may not."""

import re
import warnings
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
