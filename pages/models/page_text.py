"""The plain words of each page, kept beside it for excerpts in search results."""

from django.db import models
from wagtail.models import Page


class PageText(models.Model):
    """What a visitor can read on a page, as plain text; written whenever the page is saved.

    Pages of every type keep their words in fields of their own, so without this an excerpt of
    ten pages would ask the database once for each page type and each of their lists.
    """

    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, primary_key=True, related_name="plain_text"
    )
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = "text of a page"

    def __str__(self) -> str:
        return self.text[:80]


def page_text(page: Page) -> str:
    """Return the words of a page that a visitor can read, its summary first."""
    words = [getattr(page, "summary", "")]
    for name in page.text_fields:
        value = getattr(page, name)
        if hasattr(value, "stream_block"):
            words += value.stream_block.get_searchable_content(value)
        elif hasattr(value, "all"):
            words += [str(item) for item in value.all()]
        else:
            words.append(value)
    return " ".join(word for word in words if word)
