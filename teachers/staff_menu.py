"""The entries of the Teachers menu beside teachers, levels and programs."""

from django.utils.translation import gettext_lazy as _

STAFF_MENU = [
    (_("Changes to review"), "teachers_changes", "tasks", "teachers.change_changerequest"),
    (_("Renewals due"), "teachers_renewals", "date", "teachers.change_teacher"),
    (_("Without a town"), "teachers_without_town", "site", "teachers.change_teacher"),
    (_("Import"), "teachers_import", "upload", "teachers.import_teacher"),
    (_("Exports"), "teachers_exports", "download", "teachers.export_teacher"),
    (_("The directory"), "teachers_settings", "cog", "teachers.change_teachersettings"),
]
