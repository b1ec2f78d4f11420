"""What a word of a name can look like: in Latin letters, by its sound, by its consonants.

A word that is not written in Latin letters is kept as it is and in Latin letters beside it (by
`anyascii`, whose tables follow what is usual in each language). Hebrew and Arabic leave vowels
out, so that of their words only the consonants are comparable with a word in Latin letters; they
are marked with `CONSONANTS`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from teachers.folding import fold

LONGEST = 60  # letters of a word
MOST_WORDS = 12  # of a name
CONSONANTS = "%"
START = "^"
INITIAL = "!"

# Short words that are written together with the next one or apart: "de la Cruz", "Delacruz".
_PARTICLES = {
    "a", "abd", "abu", "af", "al", "am", "ap", "ben", "bin", "bint", "da", "dal", "das", "de",
    "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el", "fitz", "ibn", "la",
    "las", "le", "les", "lo", "los", "mac", "mc", "o", "san", "st", "ten", "ter", "tom", "van",
    "ver", "vom", "von", "zu", "zum", "zur",
}  # fmt: skip
_BETWEEN_WORDS = re.compile(r"[\s\-‐‑‒–—/.,;()·•]+")
_SYLLABLES = re.compile(r"[A-Z][a-z]*|[a-z0-9]+")
_GREEK = (("ου", "ou"), ("ευ", "ev"), ("αυ", "av"), ("γγ", "ng"), ("μπ", "b"))

# Letters and groups of letters that sound alike somewhere, or stand for one letter elsewhere.
_LIKE_I = str.maketrans("yjwq", "iivk")
_SOUNDS = {
    "shch": "s", "tsch": "k", "tch": "k", "sch": "s", "sh": "s", "sz": "s", "zh": "z",
    "cz": "k", "ch": "k", "cs": "k", "ck": "k", "tz": "z", "ts": "z", "kh": "h", "gh": "g",
    "ph": "f", "th": "t", "dt": "t", "ku": "ku", "ou": "u", "oo": "u", "ee": "i", "ue": "u",
    "oe": "o", "ae": "a", "aa": "a", "ie": "i", "ai": "ei", "ei": "ei", "x": "ks", "c": "k",
}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_WEAK_H = re.compile(r"(?<=[^aeiou])h|(?<!^)h(?![aeiou])")
_HARD_H = re.compile(r"kh+")
_TWICE = re.compile(r"(.)\1+")
_NO_CONSONANT = re.compile(r"[aeiou]|(?<!^)h|[^a-z]")
# The letters that Hebrew and Arabic write for v or w and for a long o or u.
_CLASSES = str.maketrans("vfg", "bpg")


@dataclass(frozen=True)
class Form:
    """A word as it is looked for, and which words of the name it stands for."""

    word: str
    start: int
    stop: int

    @property
    def key(self) -> str:
        """What words of the same sound have in common."""
        return sound(self.word)


@dataclass(frozen=True)
class Name:
    """A name taken apart: its words in Latin letters, and every form of each."""

    words: list[str]
    forms: list[Form]


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Return the key of a word in Latin letters; of any other the word itself."""
    if not word.isascii() or word.startswith(CONSONANTS):
        return word
    return _TWICE.sub(r"\1", _WEAK_H.sub("", _merged(word)))[:LONGEST] or word


@lru_cache(maxsize=20_000)
def consonants(word: str) -> str:
    """Return the consonants of a word in Latin letters, those that are often confused as one."""
    merged = _merged(_HARD_H.sub("k", word))
    return _TWICE.sub(r"\1", _NO_CONSONANT.sub("", merged).translate(_CLASSES))


def _merged(word: str) -> str:
    text = f"s{word[1:]}" if word.startswith("x") else word
    return _SOUND.sub(lambda found: _SOUNDS[found[0]], text.translate(_LIKE_I))


def grams(word: str, key: str) -> set[str]:
    """Return what a word is kept under: two words with one letter's difference share a gram."""
    if word.startswith(CONSONANTS):
        return {word}
    found = _shared_grams(word, key)
    if len(word) == 1:
        found.add(INITIAL + word)
    found |= {START + word[:length] for length in (3, 5) if len(word) > length}
    return found


def grams_asked_for(word: str, key: str) -> set[str]:
    """Return the grams by which words like this one are found."""
    if word.startswith(CONSONANTS):
        return {word}
    found = _shared_grams(word, key) | {INITIAL + word[0]}
    if len(word) >= 3:
        found.add(START + word[: 5 if len(word) >= 5 else 3])
    return found


def _shared_grams(word: str, key: str) -> set[str]:
    found = {word, key}
    for text in (word, key):
        if len(text) >= 3:
            found |= {text[:place] + text[place + 1 :] for place in range(len(text))}
    if word.isascii() and len(skeleton := consonants(word)) >= 2:
        found.add(CONSONANTS + skeleton)
    return found


def name_of(text: str) -> Name:
    """Return the words of a name and their forms, those first that stand for one word."""
    words: list[str] = []
    single: list[Form] = []
    joined: list[Form] = []
    for chunk in text.split()[:MOST_WORDS]:
        first = len(words)
        for part in _BETWEEN_WORDS.split(chunk):
            for word, own_forms in _read(part, len(words)):
                words.append(word)
                single += own_forms
        if len(words) - first > 1:
            joined.append(_join(words, first, len(words)))
            if len(words) - first == 3:  # the given name of “王小明” alone
                joined.append(_join(words, first + 1, len(words)))
    joined += _written_together(words)
    return Name(words, list(dict.fromkeys([*single, *joined])))


def _read(part: str, start: int) -> Iterator[tuple[str, list[Form]]]:
    """Give each word in Latin letters that a word is, with the forms that begin there."""
    folded = fold(part)
    if folded.isascii():
        for number, word in enumerate(folded.split()):
            yield word[:LONGEST], [Form(word[:LONGEST], start + number, start + number + 1)]
        return
    native = folded.replace(" ", "")[:LONGEST]
    syllables = [word.lower()[:LONGEST] for word in _in_latin_letters(part, folded)]
    if not syllables:
        return
    whole = Form(native, start, start + len(syllables))
    if _leaves_vowels_out(native):
        bare = "".join(syllables)
        texts = {consonants(bare), consonants(re.sub("[vw]", "", bare))}
        forms = [Form(CONSONANTS + text, start, start + 1) for text in sorted(texts) if text[1:]]
        yield bare[:LONGEST], [Form(native, start, start + 1), *forms]
        return
    for number, word in enumerate(syllables):
        form = Form(word, start + number, start + number + 1)
        yield word, [whole, form] if number == 0 else [form]


def _in_latin_letters(part: str, folded: str) -> list[str]:
    # Folding takes vowels from scripts of India; where it only takes accents it is welcome.
    text = folded if " " not in folded else part.casefold()
    if "GREEK" in unicodedata.name(text[0], ""):
        for letters, latin in _GREEK:
            text = text.replace(letters, latin)
    return _SYLLABLES.findall(re.sub(r"['`]", "", anyascii(text)))


def _leaves_vowels_out(word: str) -> bool:
    return unicodedata.name(word[0], "").startswith(("HEBREW", "ARABIC"))


def _join(words: list[str], start: int, stop: int) -> Form:
    return Form("".join(words[start:stop])[:LONGEST], start, stop)


def _written_together(words: list[str]) -> Iterator[Form]:
    """Give what is often written as one word: “de la Cruz”, “Mac Donald”, “Min Jun”."""
    for start, word in enumerate(words[:-1]):
        stop = start + 1
        while stop < len(words) and words[stop - 1] in _PARTICLES:
            stop += 1
        if stop > start + 1:
            yield _join(words, start, stop)
        elif 1 < len(word) <= 4 and 1 < len(words[start + 1]) <= 4:
            yield _join(words, start, start + 2)
