"""Languages that people teach in: ISO 639-1 codes, with the names that CLDR has for them."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language, to_locale

# What stands around each code or key in a list that is stored as text, so that it is found whole.
MARK = ","


@lru_cache(maxsize=8)
def _names(language: str) -> dict[str, str]:
    try:
        locale = Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(to_locale(settings.LANGUAGE_CODE))
    return {code: name for code, name in locale.languages.items() if len(code) == 2}


def language_names() -> dict[str, str]:
    """Return every two-letter code with the language's name in the active language."""
    return _names(get_language() or settings.LANGUAGE_CODE)


def language_name(code: str) -> str:
    """Return the language's name in the active language; the code itself where it has none."""
    return language_names().get(code, code)


def language_choices() -> list[tuple[str, str]]:
    """Return codes and names, by name."""
    return sorted(language_names().items(), key=lambda item: item[1].casefold())


def marked(values: list) -> str:
    """Return a list as the text by which a table is searched: ",en,es,"; empty for none."""
    return f"{MARK}{MARK.join(map(str, sorted(values)))}{MARK}" if values else ""


def unmarked(text: str) -> list[str]:
    """Return what `marked` was given, as text."""
    return text.strip(MARK).split(MARK) if text else []
