"""The form with which editors upload a picture."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image as PillowImage
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class WholeImageField(WagtailImageField):
    """A picture that can be read to its end.

    Wagtail looks at a picture's beginning alone: one that is cut off, or that claims to be many
    times larger than any screen, would be accepted or end in an error page.
    """

    def to_python(self, data):
        """Return the uploaded picture; ValidationError where it cannot be read whole."""
        try:
            uploaded = super().to_python(data)
            if uploaded is not None:
                uploaded.seek(0)
                with PillowImage.open(uploaded) as picture:
                    self._check_all_frames(picture)
                    picture.load()
                uploaded.seek(0)
        except PillowImage.DecompressionBombError as error:
            raise ValidationError(
                _("This picture is too large. Make it smaller, then upload it again."),
                code="file_too_many_pixels",
            ) from error
        except (OSError, SyntaxError, ValueError) as error:
            raise ValidationError(
                _("This file is damaged or not a picture. Save it again, then upload it."),
                code="invalid_image",
            ) from error
        return uploaded

    def _check_all_frames(self, picture: PillowImage.Image) -> None:
        """Refuse an animation that is within the limit only frame by frame."""
        pixels = picture.width * picture.height * getattr(picture, "n_frames", 1)
        if self.max_image_pixels and pixels > self.max_image_pixels:
            raise ValidationError(
                self.error_messages["file_too_many_pixels"]
                % {"num_pixels": pixels, "max_pixels_count": self.max_image_pixels},
                code="file_too_many_pixels",
            )


class ImageForm(BaseImageForm):
    """Asks, in plain words, for what a person who cannot see the picture should hear."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields.get("file")
        if file is not None:
            self.fields["file"] = WholeImageField(
                label=file.label, required=file.required, widget=file.widget
            )
        description = self.fields.get("description")
        if description is not None:
            description.label = _("Alternative text")
            description.help_text = _(
                "What the picture shows, in a sentence, for people who cannot see it: "
                "“Two women talking on a bench under a tree”. Every page may say it differently. "
                "Leave it empty only when the picture is pure decoration."
            )
