"""What happens when a person's address or seats change."""

from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from wagtail.contrib.redirects.models import Redirect

from people.models import LeadershipPage, PeopleGroup, Person, Seat
from people.search import reindex_people


@receiver(pre_save, sender=Person)
def keep_old_address(instance: Person, raw: bool, **kwargs) -> None:
    """Leave a redirect at the old address of a person whose address changes.

    Addresses that led to the old one are led to the new one, so that no visitor is sent twice;
    a redirect away from the new address goes, since someone lives there now.
    """
    update_fields = kwargs.get("update_fields")
    saves_slug = update_fields is None or "slug" in update_fields  # a draft's save does not
    if raw or not instance.pk or not saves_slug:
        return
    known = Person.objects.filter(pk=instance.pk, first_published_at__isnull=False)
    before = known.values_list("slug", flat=True).first()
    if before is None or before == instance.slug:
        return
    for page in LeadershipPage.objects.filter(locale_id=instance.locale_id):
        old_route, new_route = f"/{before}/", f"/{instance.slug}/"
        home = page.get_url()
        if home is None:
            continue
        redirects = Redirect.objects.filter(redirect_page=page)
        redirects.filter(redirect_page_route_path=old_route).update(
            redirect_page_route_path=new_route
        )
        new_path = Redirect.normalise_path(f"{home}{instance.slug}/")
        Redirect.objects.filter(old_path=new_path, automatically_created=True).delete()
        old_path = Redirect.normalise_path(f"{home}{before}/")
        Redirect.objects.update_or_create(
            old_path=old_path,
            site=None,
            defaults={
                "redirect_page": page,
                "redirect_page_route_path": new_route,
                "automatically_created": True,
                "is_permanent": True,
            },
        )


@receiver([post_save, post_delete], sender=Seat)
def find_person_by_new_title(instance: Seat, **kwargs) -> None:
    """Let the search find the person by the titles of today, and by no former one."""
    if not kwargs.get("raw"):
        reindex_people(Person.objects.filter(pk=instance.person_id))


@receiver(post_save, sender=PeopleGroup)
def find_people_of_group(instance: PeopleGroup, **kwargs) -> None:
    """Let the search forget the titles of a group that is taken down, and learn them again."""
    if not kwargs.get("raw"):
        reindex_people(Person.objects.filter(seats__group=instance).distinct())
