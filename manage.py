#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys


def main() -> None:
    """Run the command named on the command line; a refused start ends with one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cmsc_site.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"The site cannot start: {error}")


if __name__ == "__main__":
    main()
