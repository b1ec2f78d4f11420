"""Ends with 0 when the site answers on this machine; for the container's health check."""

import os
import sys
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

# The site answers only to its own name.
host = urlsplit(os.environ.get("SITE_URL", "http://localhost")).netloc
address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"
try:
    with urlopen(Request(address, headers={"Host": host}), timeout=4) as answer:
        sys.exit(answer.status != 200)
except URLError:
    sys.exit(1)
