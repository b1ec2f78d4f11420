"""Makes one spelling of many, so that what visitors type is found however they write it."""

import unicodedata
from itertools import chain

# Letters that Unicode does not take apart (UAX 15) and that people type as these; in Arabic, those
# that keyboards of different countries write differently; the older sign of Taiwan's names.
_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe",
    "ı": "i", "ħ": "h", "ŋ": "ng", "ŧ": "t", "ĸ": "k", "ə": "e", "ɓ": "b", "ɗ": "d",
    "臺": "台", "ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه",
}  # fmt: skip
# Apostrophes in their many shapes, the signs of Hebrew abbreviations, and Arabic's stretched line.
_NOTHING = set("'`´ʻʼʽʿʾ’‘‛′＇ʹ׳״ـ")
# Marks over letters of Latin, Greek and Cyrillic, and the vowels that Arabic and Hebrew may leave
# out. Marks of other scripts are vowels, or make another letter, and stay.
_ACCENTS = frozenset(
    chain(
        range(0x300, 0x370),
        range(0x591, 0x5C8),
        range(0x610, 0x61B),
        range(0x64B, 0x660),
        (0x670,),
        range(0x6D6, 0x6EE),
        range(0xFE00, 0xFE10),  # chooses between two looks of a sign
    )
)
# What stands for a longer word in names of places.
_SHORT = {
    "st": "saint", "sankt": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "sta": "santa",
    "sto": "santo",
}  # fmt: skip
# How German and the languages of the north write their letters where a keyboard lacks them.
_TWO_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
     "Å": "Aa", "Ø": "Oe"}
)  # fmt: skip
_UMLAUTS = frozenset(map(chr, _TWO_LETTERS))


class _Signs(dict):
    """What becomes of each sign; found out once for each that was ever seen."""

    def __missing__(self, code: int) -> str | None:
        sign = chr(code)
        category = unicodedata.category(sign)
        if sign in _NOTHING or code in _ACCENTS or category == "Cf":
            kept = None
        elif category[0] in "LNM":
            kept = _LETTERS.get(sign, sign)
        else:
            kept = " "
        self[code] = kept
        return kept


_SIGNS = _Signs()


def fold(text: str) -> str:
    """Return the text in lower case without accents and signs, its words one space apart."""
    if text.isascii():  # nothing to take apart, which is slow
        return " ".join(text.lower().translate(_SIGNS).split())
    text = unicodedata.normalize("NFKD", text).casefold().translate(_SIGNS)
    return " ".join(unicodedata.normalize("NFC", text).split())


def place_words(text: str) -> list[str]:
    """Return the folded words of a place's name, those that are often shortened in full."""
    return [_SHORT.get(word, word) for word in fold(text).split()]


def place_key(text: str) -> str:
    """Return what a place's name is kept and looked for by: its words without gaps."""
    if text.isascii() and text.isalpha():
        word = text.lower()
        return _SHORT.get(word, word)
    return "".join(place_words(text))


def place_keys(name: str) -> set[str]:
    """Return the keys of a name, among them the one without umlauts as German writes it."""
    keys = {place_key(name)}
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
        if not _UMLAUTS.isdisjoint(name):
            keys.add(place_key(name.translate(_TWO_LETTERS)))
    return keys - {""}
