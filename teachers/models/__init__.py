"""Teachers and what is public of them, places, levels, programs, the directory's page."""

from teachers.models.directory_entry import DirectoryEntry
from teachers.models.directory_page import TeacherDirectoryPage, directory_address
from teachers.models.levels import Program, TrainingLevel
from teachers.models.name_words import EntryWord, NameWord, WordGram
from teachers.models.place import Place, PlaceName
from teachers.models.settings import TeacherSettings, teacher_settings
from teachers.models.teacher import ChangeRequest, Teacher, TeacherReminder

__all__ = [
    "ChangeRequest",
    "DirectoryEntry",
    "EntryWord",
    "NameWord",
    "Place",
    "PlaceName",
    "Program",
    "Teacher",
    "TeacherDirectoryPage",
    "TeacherReminder",
    "TeacherSettings",
    "TrainingLevel",
    "WordGram",
    "directory_address",
    "teacher_settings",
]
