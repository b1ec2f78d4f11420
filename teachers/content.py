"""Loads the levels and programs of the first content, and the words of the directory's mails."""

from dataclasses import asdict

from django.db.models import Model
from django.utils.translation import override
from wagtail.models import Locale, Site

from pages.content.loader import Loading
from teachers.mail_words import default_words
from teachers.models import (
    Program,
    TeacherMailKind,
    TeacherMailText,
    TeacherSettings,
    TrainingLevel,
)


def load_levels(loading: Loading) -> None:
    """Load each level and program of the file that was never loaded before."""
    for kind, model, position in (
        ("training_levels", TrainingLevel, "rank"),
        ("programs", Program, "sort_order"),
    ):
        for number, item in enumerate(loading.content.get(kind, []), start=1):
            loading.once(
                f"{kind}:{item['name']}",
                lambda model=model, item={**item, position: number}: _load(model(**item)),
            )

    loading.once("teacher-settings", lambda: _list_from(loading.content["teacher_directory"]))


def _list_from(item: dict) -> None:
    settings = TeacherSettings.for_site(Site.objects.get(is_default_site=True))
    settings.listed_from = TrainingLevel.objects.get(name=item["listed_from"])
    settings.save()


def load_mail_texts(loading: Loading) -> None:
    """Load each mail's words that were never loaded before, in the site's own language."""
    locale = Locale.get_default()
    for kind in TeacherMailKind:
        with override(locale.language_code):
            words = asdict(default_words(kind))
        text = TeacherMailText(kind=kind, locale=locale, **words)
        loading.once(f"teacher-mail:{kind}", lambda text=text: _load(text))


def _load(item: Model) -> None:
    item.full_clean()
    item.save()
