from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Listen for what staff change, and for new tables."""
        from pages import signals  # noqa: F401
        from pages.url_path_index import index_url_paths

        post_migrate.connect(index_url_paths, sender=self)
