"""Makes one spelling of many, so that what visitors type is found however they write it."""

import re
import unicodedata

# Letters that Unicode does not take apart (UAX 15) and that people type as these.
_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe",
        "ı": "i", "ħ": "h", "ŋ": "ng", "ŧ": "t", "ĸ": "k", "ə": "e",
    }
)  # fmt: skip
_APOSTROPHES = re.compile(r"['`´ʻʼʽʿʾ’‘‛′＇]")
_NO_WORD = re.compile(r"[\W_]+")
# Scripts in which a mark changes the letter's look alone; in others it is a vowel.
_MARKS_ARE_ACCENTS = ("LATIN", "GREEK", "CYRILLIC")


def fold(text: str) -> str:
    """Return the text in lower case without accents and signs, its words one space apart."""
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    text = _APOSTROPHES.sub("", _without_accents(text))
    return _NO_WORD.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    kept, is_accented = [], False
    for sign in text:
        if unicodedata.combining(sign):
            if not is_accented:
                kept.append(sign)
            continue
        is_accented = unicodedata.name(sign, "").startswith(_MARKS_ARE_ACCENTS)
        kept.append(sign)
    return "".join(kept)
