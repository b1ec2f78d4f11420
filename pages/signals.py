"""What begins a new generation: anything staff change that a visitor can see."""

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import post_page_move

from library.renditions import renditions_made
from pages.generation import start_new_generation
from pages.models import BasePage, PageText
from pages.models.page_text import page_text

# Written by machines or seen by staff alone; none changes what a visitor sees.
UNSEEN_MODELS = {
    "library.rendition",
    "pages.pagetext",
    "wagtailcore.comment",
    "wagtailcore.commentreply",
    "wagtailcore.grouppagepermission",
    "wagtailcore.modellogentry",
    "wagtailcore.pagelogentry",
    "wagtailcore.pagesubscription",
    "wagtailcore.referenceindex",
    "wagtailcore.revision",
    "wagtailcore.task",
    "wagtailcore.taskstate",
    "wagtailcore.uploadedfile",
    "wagtailcore.workflow",
    "wagtailcore.workflowstate",
}
VISIBLE_APPS = {
    "library",
    "pages",
    "wagtailcore",
    "wagtailredirects",
    "wagtailsearchpromotions",
}


def visitors_see(model: type[Model]) -> bool:
    """Tell whether a change of this model can change a public page.

    The apps above this one say so themselves, and a model of theirs may say that it is not.
    """
    label = model._meta.app_label
    if model._meta.label_lower in UNSEEN_MODELS or not getattr(model, "visitors_see", True):
        return False
    return label in VISIBLE_APPS or getattr(apps.app_configs.get(label), "visitors_see", False)


@receiver([post_save, post_delete])
def start_generation_on_change(sender: type[Model], **kwargs) -> None:
    """Begin a new generation when something that visitors see is saved or deleted."""
    if not sender._meta.auto_created and visitors_see(sender):
        start_new_generation()


@receiver(post_save)
def keep_page_text(sender: type[Model], instance: Model, raw: bool, **kwargs) -> None:
    """Keep the plain words of a page beside it, for excerpts in the search.

    Wagtail saves a draft by writing a few fields of the page while the draft's words are in
    memory; those words are not public, so a partial save is passed over.
    """
    partial_save = kwargs.get("update_fields") is not None
    if isinstance(instance, BasePage) and not raw and not partial_save:
        text = page_text(instance)
        PageText.objects.update_or_create(page_id=instance.pk, defaults={"text": text})


@receiver(renditions_made)
def start_generation_on_renditions(**kwargs) -> None:
    """Begin a new generation when a picture can be seen that could not be seen so before."""
    start_new_generation()


@receiver(post_page_move)
def start_generation_on_move(**kwargs) -> None:
    """Begin a new generation when pages change places, which saves none of them."""
    start_new_generation()
