"""The words of listed teachers' names, and the grams by which a word is found however it is spelt.

Each is asked for by equality alone, which every database does alike.
"""

from django.db import models

from teachers.models.directory_entry import DirectoryEntry


class NameWord(models.Model):
    """A word of at least one listed name (`teachers/names/spelling.py` says which those are)."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    word = models.CharField(max_length=60, unique=True)
    key = models.CharField(max_length=60)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


class WordGram(models.Model):
    """A part of a word that its misspellings have too: without a letter, without vowels, the start.

    The grams belong to words, of which there are few, and not to the many names they are in.
    """

    visitors_see = False
    wagtail_reference_index_ignore = True

    gram = models.CharField(max_length=61)
    word = models.ForeignKey(NameWord, on_delete=models.CASCADE, related_name="grams")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["gram", "word"], name="gram_of_a_word")]

    def __str__(self) -> str:
        return self.gram


class EntryWord(models.Model):
    """A word of a listed teacher's name, with the first letters of the name's other words."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    # The index below begins with it.
    word = models.ForeignKey(
        NameWord, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    entry = models.ForeignKey(DirectoryEntry, on_delete=models.CASCADE, related_name="name_words")
    others = models.CharField(max_length=8, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["word", "entry", "others"], name="names_by_word")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.word_id}"
