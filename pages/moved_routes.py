"""Keeps old addresses below a page good, when what is there gets another one."""

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page


def lead_on(page: Page, old_slug: str, new_slug: str) -> None:
    """Leave a redirect from one address below the page to another.

    Addresses that led to the old one are led to the new one, so that no visitor is sent twice;
    a redirect away from the new address goes, since someone lives there now.
    """
    home = page.get_url()
    if home is None:
        return
    new_route = f"/{new_slug}/"
    Redirect.objects.filter(redirect_page=page, redirect_page_route_path=f"/{old_slug}/").update(
        redirect_page_route_path=new_route
    )
    new_path = Redirect.normalise_path(f"{home}{new_slug}/")
    Redirect.objects.filter(old_path=new_path, automatically_created=True).delete()
    Redirect.objects.update_or_create(
        old_path=Redirect.normalise_path(f"{home}{old_slug}/"),
        site=None,
        defaults={
            "redirect_page": page,
            "redirect_page_route_path": new_route,
            "automatically_created": True,
            "is_permanent": True,
        },
    )
