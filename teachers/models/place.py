"""Places of the world with their names, as GeoNames (CC BY 4.0) knows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """A town, a state or a country. `load_places` fills the table; its key is GeoNames' own."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        """What a place is: something with a middle to measure from, or an area to be within."""

        TOWN = "town", _("Town")
        POSTCODE = "postcode", _("Postcode")
        STATE = "state", _("State")
        COUNTRY = "country", _("Country")

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.TOWN)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1."))
    region = models.CharField(
        _("region"), max_length=20, blank=True, help_text=_("GeoNames' first level below it.")
    )
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    population = models.PositiveIntegerField(_("population"), default=0)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["-population", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def is_area(self) -> bool:
        """Whether a search is within it rather than around it."""
        return self.kind in {self.Kind.STATE, self.Kind.COUNTRY}


class PlaceName(models.Model):
    """One name of a place, folded (`teachers/folding.py`) as what visitors type is."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=100)
    # How likely it is that someone who types the name means the place; the highest comes first.
    weight = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("name of a place")
        verbose_name_plural = _("names of places")
        default_permissions = ()
        indexes = [models.Index(fields=["name", "-weight"], name="places_by_name")]

    def __str__(self) -> str:
        return self.name
