"""A CDN in front of the site: what the environment says of it, and how Wagtail reaches it."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cmsc_site.environment import Environment

CDNS = ("cloudflare", "cloudfront", "purge")
# These forget everything when anything changes. By PURGE only the addresses are told that the site
# knows of.
FORGET_ALL = {"cloudflare", "cloudfront"}


def frontend_caches(env: Environment, cdn: str) -> dict[str, dict]:
    """Return WAGTAILFRONTENDCACHE for one of CDNS; empty without a CDN.

    Raises ImproperlyConfigured where it is set by halves.
    """
    said = {
        "cdn_id": env.str("CDN_ID", default=""),
        "token": env.str("CDN_TOKEN", default=""),
        "access_key": env.str("CDN_ACCESS_KEY", default=""),
        "secret_key": env.str("CDN_SECRET_KEY", default=""),
        "addresses": env.list("CDN_ADDRESSES", default=[]),
    }
    check_cdn(cdn, **said)
    if cdn == "cloudflare":
        return {
            "cloudflare": {
                "BACKEND": "cmsc_site.cdn.Cloudflare",
                "ZONEID": said["cdn_id"],
                "BEARER_TOKEN": said["token"],
            }
        }
    if cdn == "cloudfront":
        return {
            "cloudfront": {
                "BACKEND": "cmsc_site.cdn.CloudFront",
                "DISTRIBUTION_ID": said["cdn_id"],
                "AWS_ACCESS_KEY_ID": said["access_key"] or None,
                "AWS_SECRET_ACCESS_KEY": said["secret_key"] or None,
            }
        }
    return {
        address: {"BACKEND": "cmsc_site.cdn.HttpPurge", "LOCATION": address}
        for address in said["addresses"]
    }


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
