"""Someone on the newsletter's list, and what they agreed to."""

import hashlib
import secrets

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.models.topic import Topic
from pages.models.done_by_staff import DoneByStaff


def new_handle() -> str:
    """Return a random name for links in mails: 22 characters that can stand in an address."""
    return secrets.token_urlsafe(16)


class State(models.TextChoices):
    """How it stands between an address and the newsletter."""

    PENDING = "pending", _("Not confirmed yet")
    CONFIRMED = "confirmed", _("Subscribed")
    UNSUBSCRIBED = "unsubscribed", _("Left")
    BOUNCED = "bounced", _("Mail comes back")
    COMPLAINED = "complained", _("Complained of spam")


class SubscriberQuerySet(models.QuerySet):
    """Questions asked of subscribers."""

    def confirmed(self) -> "SubscriberQuerySet":
        """Return those who get the newsletter."""
        return self.filter(state=State.CONFIRMED)


class Subscriber(models.Model):
    """An address that was signed up, in whatever state it is now.

    The address never stands in `str()`, which Wagtail writes into logs that outlive erasure.
    """

    visitors_see = False  # a sign-up begins no new generation of the site's cache
    wagtail_reference_index_ignore = True  # nor is it looked for where something is used

    State = State

    address = models.CharField(_("address"), max_length=254, help_text=_("As it was typed."))
    key = models.CharField(_("compared as"), max_length=254, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    language = models.CharField(_("language"), max_length=10, default="en")
    topics = models.ManyToManyField(
        Topic,
        verbose_name=_("topics"),
        blank=True,
        related_name="subscribers",
        help_text=_("None chosen means all of them."),
    )
    source = models.CharField(
        _("signed up at"),
        max_length=200,
        blank=True,
        help_text=_("The page of the site, or where else the address comes from."),
    )
    # What links in mails name, rather than the address or a number that can be counted up.
    handle = models.CharField(max_length=22, unique=True, default=new_handle, editable=False)
    # Leaving begins a new round, so that a confirmation of an earlier one brings nobody back.
    round = models.PositiveIntegerField(default=1, editable=False)

    created_at = models.DateTimeField(_("first signed up"), default=timezone.now, editable=False)
    asked_at = models.DateTimeField(_("last signed up"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    left_at = models.DateTimeField(_("left"), null=True, blank=True, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-created_at", "-pk"]
        permissions = [("export_subscriber", "Can export subscribers")]
        indexes = [
            models.Index(fields=["state", "-created_at"], name="subscribers_by_state"),
            models.Index(fields=["-created_at", "-id"], name="subscribers_newest_first"),
            models.Index(fields=["confirmed_at"], name="subscribers_confirmed"),
            models.Index(fields=["left_at"], name="subscribers_left"),
        ]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"

    @property
    def sendable(self) -> str:
        """The address as a mail's header takes it: the domain in ASCII (RFC 5890)."""
        return f"{self.address.rpartition('@')[0]}@{self.key.rpartition('@')[2]}"


class ConsentWording(models.Model):
    """Words that people saw when they signed up: each version as it was, never changed."""

    visitors_see = False
    wagtail_reference_index_ignore = True

    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    digest = models.CharField("SHA-256", max_length=64)
    text = models.TextField()
    first_shown_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("wording of the sign-up")
        verbose_name_plural = _("wordings of the sign-up")
        ordering = ["language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["language", "digest"], name="wording_once"),
            models.UniqueConstraint(fields=["language", "version"], name="wording_numbered"),
        ]

    def __str__(self) -> str:
        return _("version %(version)s (%(language)s)") % {
            "version": self.version,
            "language": self.language,
        }


def wording_digest(text: str) -> str:
    """Return what names a wording: the SHA-256 of its text."""
    return hashlib.sha256(text.encode()).hexdigest()


def wording_of(text: str, language: str) -> ConsentWording:
    """Return the version of the wording with that text, numbered anew where it never was before."""
    digest = wording_digest(text)
    while True:
        known = ConsentWording.objects.filter(language=language, digest=digest).first()
        if known:
            return known
        latest = ConsentWording.objects.filter(language=language).aggregate(n=models.Max("version"))
        try:
            with transaction.atomic():
                return ConsentWording.objects.create(
                    language=language, digest=digest, text=text, version=(latest["n"] or 0) + 1
                )
        except IntegrityError:  # another process was first with this text or this number
            continue


class AppendOnlyQuerySet(models.QuerySet):
    """Lines that are added and, when a person is erased, removed; never changed."""

    def update(self, **kwargs):
        """Refuse: what was recorded stays as it was."""
        raise TypeError("Consent events are never changed.")

    def bulk_update(self, *args, **kwargs):
        """Refuse: what was recorded stays as it was."""
        raise TypeError("Consent events are never changed.")


class Act(models.TextChoices):
    """What someone did, or what was done with their address."""

    ASKED = "asked", _("Signed up")
    ASKED_AGAIN = "asked-again", _("Signed up again")
    CONFIRMED = "confirmed", _("Confirmed")
    LEFT = "left", _("Left")
    REJOINED = "rejoined", _("Came back")
    CHANGED = "changed", _("Changed preferences")
    TOOK_DATA = "took-data", _("Took their data")
    BOUNCED = "bounced", _("A mail came back")
    COMPLAINED = "complained", _("Complained of spam")
    ADDED = "added", _("Added by staff")
    IMPORTED = "imported", _("Imported")
    RELEASED = "released", _("Sign-up was held and released by staff")
    RESENT = "resent", _("Confirmation sent again by staff")
    SUPPRESSED = "suppressed", _("Suppressed by staff")
    UNSUPPRESSED = "unsuppressed", _("Suppression lifted by staff")
    EDITED = "edited", _("Changed by staff")


class ConsentEvent(DoneByStaff):
    """One line of a subscriber's history. Lines are only ever added; erasure removes them all."""

    Act = Act

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="events", verbose_name=_("subscriber")
    )
    act = models.CharField(_("what"), max_length=12, choices=Act)
    at = models.DateTimeField(_("when"), default=timezone.now)
    wording = models.ForeignKey(
        ConsentWording,
        verbose_name=_("what was shown"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    network = models.CharField(
        _("from"),
        max_length=50,
        blank=True,
        help_text=_("The network of the computer: an IP address without its last part."),
    )
    source = models.CharField(_("where"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent events")
        ordering = ["at", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["subscriber", "at"], name="consent_of_a_subscriber")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_act_display()}"

    def save(self, *args, **kwargs) -> None:
        """Add the line; one that is recorded already is refused."""
        if self.pk:
            raise TypeError("Consent events are never changed.")
        super().save(*args, **kwargs)
