"""What the editing page of a filing shows of its files."""

from wagtail.admin.panels import Panel

from finance.staff_files import file_context


class FilesPanel(Panel):
    """The file that is being edited, what the check found, and the versions before it."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on the page of one filing."""

        template_name = "finance/staff/files_panel.html"

        def get_context_data(self, parent_context=None) -> dict:
            """Return the file and its earlier versions."""
            context = super().get_context_data(parent_context)
            filing = self.instance
            # A file that came with a form in which something else was wrong is kept.
            current = getattr(self.form, "new_file", None) or filing.file
            versions = filing.files.filter(number__isnull=False) if filing.pk else []
            return {
                **context,
                **file_context(current),
                "versions": [file for file in versions if file.pk != filing.file_id],
            }


class DifferencesPanel(Panel):
    """Where the figures of a year do not add up, with both numbers."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on the page of one year."""

        template_name = "finance/staff/differences_panel.html"

        def is_shown(self) -> bool:
            """Tell whether there is anything to judge yet."""
            return self.instance.pk is not None

        def get_context_data(self, parent_context=None) -> dict:
            """Return the differences."""
            context = super().get_context_data(parent_context)
            return {**context, "differences": self.instance.differences()}
