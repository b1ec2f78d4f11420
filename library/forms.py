"""The form with which editors upload a picture."""

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm


class ImageForm(BaseImageForm):
    """Asks, in plain words, for what a person who cannot see the picture should hear."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        description = self.fields.get("description")
        if description is not None:
            description.label = _("Alternative text")
            description.help_text = _(
                "What the picture shows, in a sentence, for people who cannot see it: "
                "“Two women talking on a bench under a tree”. Every page may say it differently. "
                "Leave it empty only when the picture is pure decoration."
            )
