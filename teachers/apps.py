from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TeachersConfig(AppConfig):
    name = "teachers"
    verbose_name = _("Teachers")
    visitors_see = True  # what changes here begins a new generation of the site's cache
    # Whoever has one of these works here; to others its addresses in the admin are closed.
    staff_permissions = (
        "teachers.change_teacher",
        "teachers.change_traininglevel",
        "teachers.change_program",
    )

    def ready(self) -> None:
        """Listen for whatever changes the public directory."""
        from teachers import signals  # noqa: F401
