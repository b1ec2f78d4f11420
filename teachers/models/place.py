"""Places of the world with their names, as GeoNames (CC BY 4.0) knows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from teachers.gazetteer.labels import label_of


class Place(models.Model):
    """A town, a postcode, a region or a country. `load_places` fills the table.

    The key is GeoNames' own; of what has none there (postcodes, regions) it is below zero.
    """

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
    # What the label says so that it means this place and no other (teachers/gazetteer/labels.py).
    region_name = models.CharField(max_length=100, blank=True)
    near = models.CharField(max_length=200, blank=True)
    says_kind = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["-population", "id"]
        default_permissions = ()
        # Countries and states are few among the towns, and the map asks for them.
        indexes = [models.Index(fields=["kind", "country"], name="places_by_kind")]

    def __str__(self) -> str:
        return label_of(self)

    @property
    def is_area(self) -> bool:
        """Whether a search is within it rather than around it."""
        return self.kind in {self.Kind.STATE, self.Kind.COUNTRY}


class KeyField(models.CharField):
    """A text that is compared by its bytes, so that a range of an index holds all that begin alike.

    SQLite does so anyway; PostgreSQL would compare as its language does.
    """

    def db_parameters(self, connection) -> dict:
        """Return the column's type, with the collation that PostgreSQL needs."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class PlaceName(models.Model):
    """One name of a place, as `teachers.folding.place_key` makes it of what visitors type."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    # The constraint below begins with it, so it needs no index of its own.
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names", db_index=False)
    name = KeyField(max_length=100)
    # How likely it is that someone who types the name means the place; the highest comes first.
    weight = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("name of a place")
        verbose_name_plural = _("names of places")
        default_permissions = ()
        # The key comes last so that a search reads the index alone.
        indexes = [models.Index(fields=["name", "-weight", "place"], name="places_by_name")]
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="name_of_a_place")]

    def __str__(self) -> str:
        return self.name
