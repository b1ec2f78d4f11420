"""The words of listed teachers' names, and the letters of each word, three at a time."""

from django.db import models

from teachers.models.directory_entry import DirectoryEntry


class NameWord(models.Model):
    """A word of at least one listed name, folded (`teachers/folding.py`)."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    word = models.CharField(max_length=60, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


class WordGram(models.Model):
    """Three letters that follow each other in a word, its ends marked."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    gram = models.CharField(max_length=3)
    word = models.ForeignKey(NameWord, on_delete=models.CASCADE, related_name="grams")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["gram", "word"], name="gram_of_a_word")]

    def __str__(self) -> str:
        return self.gram


class EntryWord(models.Model):
    """A word of a listed teacher's name."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    word = models.ForeignKey(NameWord, on_delete=models.CASCADE, related_name="entries")
    entry = models.ForeignKey(DirectoryEntry, on_delete=models.CASCADE, related_name="name_words")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["word", "entry"], name="word_of_a_name")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.word_id}"
