"""How like two words of names are, in whole numbers, so that every database adds them up alike."""

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from teachers.names.spelling import CONSONANTS, consonants

SAME = 100
NOT_ALIKE = 0
_INITIAL = 60
_SAME_CONSONANTS = 62
_FOREIGN_CONSONANTS = 75
_OTHER_FIRST_LETTER = 4


def likeness(asked: str, asked_key: str, word: str, key: str) -> int:
    """Return 100 for the same word, less for one that begins so or sounds so, 0 for another."""
    if asked == word:
        return SAME
    if CONSONANTS in (asked[0], word[0]):
        return _by_consonants(asked, word)
    if len(word) == 1:
        return _INITIAL if asked[0] == word else NOT_ALIKE
    if len(asked) >= 3 and word.startswith(asked):
        return 90 + 8 * len(asked) // len(word)
    if asked_key == key:
        return 85 + int(ratio(asked, word)) // 10
    return max(_by_letters(asked, word), _by_letters(asked_key, key)) or _by_sound(asked, word)


def _by_letters(asked: str, word: str) -> int:
    """Compare letter by letter; two that changed places are one mistake."""
    most = _mistakes_forgiven(len(asked))
    mistakes = OSA.distance(asked, word, score_cutoff=most)
    if mistakes > most:
        return NOT_ALIKE
    longest = max(len(asked), len(word))
    alike = 88 * (longest - mistakes) // longest
    return alike if asked[0] == word[0] else alike - _OTHER_FIRST_LETTER


def _mistakes_forgiven(length: int) -> int:
    return (length >= 3) + (length >= 7) + (length >= 11)


def _by_sound(asked: str, word: str) -> int:
    if not (asked.isascii() and word.isascii()) or ratio(asked, word) < 60:
        return NOT_ALIKE
    skeleton = consonants(asked)
    if len(skeleton) >= 3 and skeleton == consonants(word):
        return _SAME_CONSONANTS
    return NOT_ALIKE


def _by_consonants(asked: str, word: str) -> int:
    bare, other = (asked, word) if asked[0] == CONSONANTS else (word, asked)
    if other[0] == CONSONANTS or not other.isascii():
        return NOT_ALIKE
    return _FOREIGN_CONSONANTS if bare[1:] == consonants(other) else NOT_ALIKE
