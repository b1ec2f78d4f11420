"""Teachers and what is public of them, places, levels, programs, the directory's page."""

from teachers.models.address_change import AddressChange
from teachers.models.change_request import ChangeRequest
from teachers.models.directory_entry import DirectoryEntry
from teachers.models.directory_page import TeacherDirectoryPage, directory_address
from teachers.models.former_slug import FormerSlug
from teachers.models.levels import Program, TrainingLevel
from teachers.models.mail_text import TeacherMailKind, TeacherMailText
from teachers.models.name_words import EntryWord, NameWord, WordGram
from teachers.models.place import Place, PlaceName
from teachers.models.reminder import TeacherReminder
from teachers.models.settings import TeacherSettings, first_listed_rank, teacher_settings
from teachers.models.teacher import Teacher
from teachers.models.transfers import ImportedTeacherRow, TeacherExport, TeacherImport

__all__ = [
    "AddressChange",
    "ChangeRequest",
    "DirectoryEntry",
    "EntryWord",
    "FormerSlug",
    "ImportedTeacherRow",
    "NameWord",
    "Place",
    "PlaceName",
    "Program",
    "Teacher",
    "TeacherDirectoryPage",
    "TeacherExport",
    "TeacherImport",
    "TeacherMailKind",
    "TeacherMailText",
    "TeacherReminder",
    "TeacherSettings",
    "TrainingLevel",
    "WordGram",
    "directory_address",
    "first_listed_rank",
    "teacher_settings",
]
