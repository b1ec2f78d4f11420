"""The few tags that the site's templates need beside Django's and Wagtail's."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from library.layouts import LAYOUTS
from library.layouts import picture as layout_picture
from pages.fragments import fragment

register = template.Library()


@register.simple_tag
def picture(image, layout: str, alt: str = "", *, eager: bool = False) -> SafeString:
    """Show a picture in one of the site's layouts, as AVIF, WebP and JPEG."""
    return format_html("{}", layout_picture(image, LAYOUTS[layout], alt=alt, eager=eager))


class RememberNode(template.Node):
    """A part of a page that is kept until staff change anything."""

    def __init__(self, nodelist: NodeList, key: FilterExpression, part: str) -> None:
        self.nodelist = nodelist  # the name under which Django looks for blocks
        self.key = key
        self.part = part

    def render(self, context: Context) -> str:
        """Return the kept part, or render and keep it; without a key it is never kept."""
        key = self.key.resolve(context)
        if not key:
            return self.nodelist.render(context)
        return fragment(f"{key}:{self.part}", lambda: self.nodelist.render(context))


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    """Keep what stands up to `endremember` in the cache: {% remember key "part" %}."""
    _tag, key, part = token.split_contents()
    nodes = parser.parse(["endremember"])
    parser.delete_first_token()
    return RememberNode(nodes, parser.compile_filter(key), part.strip('"'))
