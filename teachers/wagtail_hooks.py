"""What teachers add to the Wagtail admin and to the site's search."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from teachers.content import load_levels
from teachers.viewsets import TeachersViewSetGroup

register_snippet(TeachersViewSetGroup)

hooks.register("load_site_part", load_levels)
