"""What a browser may load, run and ask for on the site's pages, and on those of the admin."""

VIDEO_HOSTS = ["https://www.youtube-nocookie.com", "https://player.vimeo.com"]
# Nothing but what the pages need; the names are those of the Permissions-Policy header.
PERMISSIONS = {
    "accelerometer": [],
    "autoplay": ["self", *VIDEO_HOSTS],
    "camera": [],
    "display-capture": [],
    "encrypted-media": [],
    "fullscreen": ["self", *VIDEO_HOSTS],
    "geolocation": ["self"],  # the teacher directory's "near me", only when pressed
    "gyroscope": [],
    "hid": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
    "serial": [],
    "usb": [],
}


def public_policy(*, is_https: bool) -> dict[str, object]:
    """Return the content policy of public pages: the site itself, and videos in their frames."""
    return {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-src": VIDEO_HOSTS,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "upgrade-insecure-requests": is_https,
    }


def admin_policy(*, is_https: bool) -> dict[str, object]:
    """Return the content policy under which Wagtail's admin works.

    Its editor writes styles into the page and starts its widgets by inline script, and previews
    the public page in a frame of its own.
    """
    return {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'unsafe-inline'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-src": ["'self'", *VIDEO_HOSTS],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
        "upgrade-insecure-requests": is_https,
    }
