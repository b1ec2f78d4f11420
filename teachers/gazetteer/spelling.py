"""Finds names that are written nearly as what was typed, by two queries of bounded size."""

from string import ascii_lowercase

from django.db.models.functions import Length
from rapidfuzz import fuzz

from teachers.folding import place_key
from teachers.gazetteer.labels import label_of
from teachers.models.place import Place, PlaceName

MOST = 5
MOST_LETTERS = 40  # of a key; what is longer is no misspelt town
AT_ONCE = 600  # names that are compared
LONG = 6  # letters, of which three are asked to be right, since thousands of names share two
ALIKE = 75  # of 100
LAST_SIGN = "\U0010ffff"


def near_spellings(text: str) -> list[str]:
    """Return labels of at most MOST places whose names are nearly as the text, best first."""
    key = place_key(text.split(",")[0])
    if not 3 <= len(key) <= MOST_LETTERS:
        return []
    score: dict[int, float] = {}
    names = PlaceName.objects.order_by("-weight", "place")
    # A letter too many, two swapped, or the first ones wrong: such names are asked for as they are.
    exact = names.filter(name__in=_one_off(key))
    # Otherwise the beginning is right and the length is near.
    beginning = key[: 3 if len(key) >= LONG else 2]
    alike = names.annotate(letters=Length("name")).filter(
        name__gte=beginning, name__lt=beginning + LAST_SIGN,
        letters__gte=len(key) - 2, letters__lte=len(key) + 2,
    )  # fmt: skip
    for asked in (exact, alike):
        rows = asked.values_list("name", "place", "weight", "place__kind")[:AT_ONCE]
        for name, place, weight, _kind in rows:
            likeness = fuzz.ratio(key, name, score_cutoff=ALIKE)
            if likeness:
                # Of names that are as like, the larger place: a tenfold of people is worth 4.
                score[place] = max(score.get(place, 0), likeness + 4 * len(str(weight)))
    best = sorted(score, key=lambda place: (-score[place], place))[:MOST]
    places = Place.objects.in_bulk(best)
    return [label_of(places[place]) for place in best if place in places]


def _one_off(key: str) -> list[str]:
    """Return what the key may have been meant as, one slip of the finger away."""
    near = {key[:at] + key[at + 1 :] for at in range(len(key))}
    near |= {key[:at] + key[at + 1] + key[at] + key[at + 2 :] for at in range(len(key) - 1)}
    if key.isascii():
        for letter in ascii_lowercase:
            near |= {letter + key, letter + key[1:], key[0] + letter + key[1:]}
            near |= {key[0] + letter + key[2:], key[:2] + letter + key[2:]}
            near.add(key[:2] + letter + key[3:])
    return sorted(near - {key})
