"""`manage.py first_admin`: lets a newcomer into the site on their own machine."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

ADDRESS = "admin@example.org"


class Command(BaseCommand):
    """Makes an administrator where there is none, and says how to sign in, that one time."""

    help = "Make an administrator with a fresh password where there is none, and print both."

    def handle(self, *args: object, **options: object) -> None:
        """Print the site's address and, when one was just made, the administrator's sign-in.

        A site with a public address gets none: who may do everything there is not for a
        script to decide, nor a password for a log to keep.
        """
        users = get_user_model().objects
        lines = ["", f"The site:  {settings.SITE_URL}/", f"Its admin: {settings.SITE_URL}/admin/"]
        if not users.filter(is_superuser=True).exists():
            if settings.IS_LOCAL:
                password = secrets.token_urlsafe(15)
                user, _created = users.get_or_create(email=ADDRESS)
                user.is_staff = user.is_superuser = user.is_active = True
                user.set_password(password)
                user.save()
                lines += [
                    f"Sign in as {ADDRESS} with the password {password}",
                    "(this is shown once; change it under your account)",
                ]
            else:
                lines.append("Nobody may sign in yet: run `manage.py createsuperuser`.")
        self.stdout.write("\n".join([*lines, ""]))
