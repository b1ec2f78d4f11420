"""The site as a WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cmsc_site.settings")

site = get_wsgi_application()

# What follows needs Django's settings, which are there from here on.
from cmsc_site.page_cache.application import copies_first  # noqa: E402

application = copies_first(site)
