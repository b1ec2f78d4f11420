"""Blocks that show or offer a file: pictures, documents, videos."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from pages.blocks.images import PreparedImageBlock
from pages.video import Video, parse_video_address, validate_video_address


class PictureBlock(blocks.StructBlock):
    """A picture, with words for those who cannot see it unless it is decoration."""

    image = PreparedImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture, with alternative text or marked as decoration")
        template = "components/blocks/picture.html"
        preview_template = "components/blocks/picture_preview.html"
        preview_value = {"image": None, "caption": _("A caption")}


class DocumentLinkBlock(blocks.StructBlock):
    """A file to download, named with its kind and size."""

    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(
        label=_("Words"),
        required=False,
        max_length=160,
        help_text=_("Left empty, the document's own title is shown."),
    )
    description = blocks.CharBlock(label=_("Description"), required=False, max_length=300)

    class Meta:
        icon = "doc-full"
        label = _("Document")
        description = _("A file to download, shown with its kind and size")
        template = "components/blocks/document.html"
        preview_template = "components/blocks/document_preview.html"
        preview_value = {"document": None, "title": _("A document"), "description": ""}


class VideoValue(blocks.StructValue):
    """A video as an editor filled it in."""

    @property
    def video(self) -> Video | None:
        """The video with its addresses; nothing while the address is not one of a video."""
        return parse_video_address(self.get("address") or "")


class VideoBlock(blocks.StructBlock):
    """A video that is fetched only after a visitor asks for it."""

    address = blocks.URLBlock(
        label=_("Address of the video"),
        validators=[validate_video_address],
        search_index=False,
        help_text=_("From YouTube or Vimeo, as your browser shows it."),
    )
    title = blocks.CharBlock(
        label=_("Title"), max_length=160, help_text=_("What the video is called.")
    )
    length = blocks.CharBlock(
        label=_("Length"), required=False, max_length=20, help_text=_("Such as 4:30.")
    )
    transcript = blocks.RichTextBlock(
        label=_("Transcript"),
        required=False,
        features=["bold", "italic", "link"],
        help_text=_("For people who cannot hear it or have little data to spend."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        description = _("A video that loads nothing from its host before it is pressed")
        template = "components/blocks/video.html"
        value_class = VideoValue
        preview_value = {
            "address": "https://vimeo.com/1",
            "title": _("A video"),
            "length": "4:30",
        }
