"""Loads the first content from a TOML file: once, all or nothing, and never over staff's work.

Each item has a key. An item is loaded when its key was never loaded before; what staff did
with it since, renaming and deleting included, is theirs. Apps above this one load their own
parts through the Wagtail hook `load_site_part`: a function that takes the `Loading`.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail import hooks
from wagtail.models import Page, Site

from accounts.roles import grant
from pages.models import HomePage, LoadedItem, MenuSettings, OrganisationSettings

SITE_FILE = Path(__file__).with_name("site.toml")
# Lists of sentences in the file, and the models whose rows they become.
SENTENCES = {"points", "values"}


class ContentError(Exception):
    """The file cannot be loaded; the message says which item and why."""


@dataclass
class Loading:
    """One run of the loader: the file's content, and what was done so far."""

    content: dict
    sample: bool = False  # whether sample figures are wanted too
    done: list[str] = field(default_factory=list)

    def once(self, key: str, load: Callable[[], None]) -> None:
        """Call `load` unless the item was loaded before; raise ContentError naming the item."""
        if LoadedItem.objects.filter(key=key).exists():
            return
        try:
            load()
        except (ValidationError, LookupError, TypeError, ValueError) as error:
            raise ContentError(f"{key}: {error}") from error
        LoadedItem.objects.create(key=key)
        self.done.append(key)

    def resolve(self, value: object) -> object:
        """Return `value` with each "page:/…" and "group:…" in it replaced by its primary key."""
        if isinstance(value, dict):
            return {name: self.resolve(part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.resolve(part) for part in value]
        if isinstance(value, str) and value.startswith("page:"):
            return page_at(value.removeprefix("page:")).pk
        if isinstance(value, str) and value.startswith("group:"):
            group = apps.get_model("people.PeopleGroup")
            return group.objects.get(slug=value.removeprefix("group:")).pk
        return value


def load_site(path: Path = SITE_FILE, *, sample: bool = False) -> list[str]:
    """Load what was never loaded before; return the keys of what was.

    With `sample` also what is only good for trying the site out, marked as such.

    Raises ContentError, with nothing changed, when the file is broken or an item is not valid.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{path.name}: {error}") from error
    loading = Loading(content, sample)
    with transaction.atomic():
        site = _site(loading)
        for part in hooks.get_hooks("load_site_part"):
            part(loading)
        for item in content.get("pages", []):
            loading.once(f"page:{item['path']}", lambda item=item: _load_page(loading, item))
        _load_settings(loading, site)
        _keep_address(site)
    return loading.done


def page_at(path: str) -> Page:
    """Return the page at an address of the site; raises LookupError where there is none."""
    home = HomePage.objects.first()
    found = home and Page.objects.filter(url_path=home.url_path + path.lstrip("/")).first()
    if not found:
        raise LookupError(f"there is no page at {path}")
    return found


def _site(loading: Loading) -> Site:
    """Return the default site; at the very first run, on the place of Wagtail's welcome page."""
    return Site.objects.filter(is_default_site=True).first() or Site.objects.create(
        hostname="localhost",
        is_default_site=True,
        root_page=Page.get_first_root_node(),
        site_name=settings.WAGTAIL_SITE_NAME,
    )


def _load_page(loading: Loading, item: dict) -> None:
    fields = {name: value for name, value in item.items() if name not in {"type", "path"}}
    model = apps.get_model(item["type"])
    sentences = {name: fields.pop(name) for name in SENTENCES & fields.keys()}
    page = model(**loading.resolve(fields))
    for name, texts in sentences.items():
        row = model._meta.get_field(name).related_model
        setattr(page, name, [row(text=text, sort_order=n) for n, text in enumerate(texts)])
    if item["path"] == "/":
        _put_home(page)
    else:
        above, _slash, page.slug = item["path"].rstrip("/").rpartition("/")
        page_at(f"{above}/").add_child(instance=page)
    page.save_revision().publish()


def _put_home(page: HomePage) -> None:
    """Put the home page at the root, in place of the welcome page that Wagtail made."""
    root = Page.get_first_root_node()
    welcome = root.get_children().filter(slug="home").exclude(pk__in=HomePage.objects.values("pk"))
    page.slug = "home" if not welcome else "site"
    root.add_child(instance=page)
    Site.objects.filter(is_default_site=True).update(
        root_page=page, site_name=settings.WAGTAIL_SITE_NAME
    )
    for old in welcome:
        old.delete()
    if page.slug != "home":
        page.slug = "home"
        page.save()


def _load_settings(loading: Loading, site: Site) -> None:
    content = loading.content
    loading.once(
        "organization",
        lambda: _fill(OrganisationSettings.for_site(site), content["organization"]),
    )
    loading.once("menus", lambda: _fill(MenuSettings.for_site(site), _menus(loading)))
    loading.once("home", lambda: _fill_home(loading))
    for group, permissions in content.get("roles", {}).items():
        loading.once(
            f"role:{group}", lambda group=group, permissions=permissions: grant(group, permissions)
        )


def _menus(loading: Loading) -> dict[str, list]:
    return {
        name: [{"type": "item", "value": loading.resolve(item)} for item in items]
        for name, items in loading.content["menus"].items()
    }


def _fill_home(loading: Loading) -> None:
    home = HomePage.objects.get()
    _fill(home, loading.resolve(loading.content["home"]), save=False)
    home.save_revision().publish()


def _fill(instance: models.Model, values: dict, *, save: bool = True) -> None:
    """Set the fields, StreamFields from their raw lists, then check and save."""
    for name, value in values.items():
        column = instance._meta.get_field(name)
        if hasattr(column, "stream_block"):
            value = column.stream_block.to_python(value)
        setattr(instance, name, value)
    instance.full_clean()
    if save:
        instance.save()


def _keep_address(site: Site) -> None:
    """Let Wagtail's site have the address that the environment names; it is not staff's to set."""
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = Site.objects.get(pk=site.pk)
    if (site.hostname, site.port) != (address.hostname, port):
        site.hostname, site.port = address.hostname, port
        site.save()
