"""What teachers fill in: the question for a link, and their own entry."""

import hashlib
import json
import unicodedata

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.core.validators import MaxLengthValidator, RegexValidator, URLValidator
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from library.forms import WholeImageField
from library.models import UploadedImage
from pages.email_addresses import Address, BadAddress, parse_address
from teachers.contact import NOT_IN_A_NAME
from teachers.gazetteer.labels import label_of
from teachers.gazetteer.search import resolve
from teachers.languages import language_choices
from teachers.models import Place, Program, Teacher
from teachers.models.languages_field import MOST_LANGUAGES
from teachers.own_entry_words import rich_text, typed_text
from teachers.renewal import is_in

MOST_PROGRAMS = 20
JOINERS = {"\u200c", "\u200d"}
# Shown as they are, so that what was typed and what is stored are compared in the form's terms.
COMPARED = (
    "name", "credentials", "biography", "languages", "teaches_in_person", "teaches_online",
    "programs", "town", "website", "public_phone",
)  # fmt: skip
# What the page itself sends beside the fields of the entry.
OF_THE_PAGE = {"act", "seen", "kept_portrait", "new_portrait", "remove_portrait", "town", "listed"}


def parsed(text: str) -> Address:
    """Return the address as parsed; refuse what is none with the parser's own sentence."""
    try:
        return parse_address(text or "")
    except BadAddress as error:
        raise ValidationError(str(error)) from error


class AskForm(forms.Form):
    """The address to which a link is wanted."""

    email = forms.Field(required=False)
    homepage = forms.Field(required=False)

    def clean_email(self) -> Address:
        """Return the address as parsed."""
        return parsed(self.cleaned_data["email"])


# A phone's keyboard is to change nothing of an address.
AS_TYPED = {"autocapitalize": "none", "spellcheck": "false"}


class WebsiteField(forms.URLField):
    """A website as people type it, with or without its scheme.

    The widget is one of text, since a browser refuses an address without a scheme in its own.
    """

    widget = forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", **AS_TYPED})
    default_validators = (URLValidator(schemes=["http", "https"]),)
    default_error_messages = {
        "invalid": _("Please type the address of a website, such as example.org."),
    }

    def __init__(self, **kwargs) -> None:
        super().__init__(assume_scheme="https", **kwargs)


class OwnEntryForm(forms.Form):
    """A teacher's own entry. It knows no field that is not the teacher's to change."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Please type your name, as visitors are to read it.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    credentials = forms.CharField(
        label=_("Credentials"), max_length=120, required=False, help_text=_("Such as PhD, LCSW.")
    )
    new_portrait = WholeImageField(label=_("New portrait"), required=False)
    kept_portrait = forms.CharField(required=False, widget=forms.HiddenInput)
    remove_portrait = forms.BooleanField(label=_("Show no portrait"), required=False)
    biography = forms.CharField(
        label=_("About you"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "An empty line begins a new paragraph, and “- ” at the beginning of a line a list. "
            "**Two stars** around words make them bold, *one star* italic."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you teach"),
        choices=language_choices,
        required=False,
        validators=[
            MaxLengthValidator(
                MOST_LANGUAGES,
                _("Please choose at most %(limit_value)s languages: those you teach in most."),
            )
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    teaches_in_person = forms.BooleanField(label=_("I teach in person"), required=False)
    teaches_online = forms.BooleanField(label=_("I teach online"), required=False)
    programs = forms.ModelMultipleChoiceField(
        label=_("What you teach"),
        queryset=Program.objects.none(),
        required=False,
        validators=[
            MaxLengthValidator(
                MOST_PROGRAMS,
                _("Please choose at most %(limit_value)s programs: those you teach most."),
            )
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    town = forms.CharField(
        label=_("Town"),
        max_length=200,
        required=False,
        help_text=_("The town alone is stored and shown, never your address."),
    )
    place = forms.CharField(required=False)
    website = WebsiteField(
        label=_("Website"),
        max_length=200,
        required=False,
        help_text=_("Such as example.org. It is shown to everyone."),
    )
    public_phone = forms.CharField(
        label=_("Phone, shown to everyone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        validators=[
            RegexValidator(
                r"^[0-9+() ./-]+\Z",
                _("Please use digits, spaces and + ( ) - . alone, such as +1 555 0100."),
            )
        ],
    )
    contact_address = forms.CharField(
        label=_("Contact address"),
        max_length=254,
        error_messages={"required": _("Please type an email address at which we can reach you.")},
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email", **AS_TYPED}),
        help_text=_(
            "Visitors’ messages and our own mails go to this email address, and it is never shown. "
            "We write to a new one once you have confirmed it by the mail that we send there."
        ),
    )
    listed = forms.BooleanField(
        label=_("I want to be shown in the directory"),
        required=False,
        help_text=_("Without this tick your entry is taken out at once."),
    )
    seen = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, teacher: Teacher, own: Teacher, *args, **kwargs) -> None:
        """`own` is the entry as its teacher left it (`own_changes.own_version`)."""
        self.teacher, self.own = teacher, own
        self.candidates: list[Place] = []
        self.spellings: list[str] = []
        initial = _shown(own)
        initial["seen"] = _fingerprints(initial)
        initial |= {"contact_address": teacher.contact_address, "listed": is_in(teacher)}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["programs"].queryset = Program.objects.filter(
            locale__language_code__in=_languages_of(own)
        )

    # --- single fields ----------------------------------------------------------------------

    def clean_name(self) -> str:
        """Return the name; refuse one that is no single line of text."""
        return _one_line(self.cleaned_data["name"])

    def clean_credentials(self) -> str:
        """Return the credentials; refuse what is no single line of text."""
        return _one_line(self.cleaned_data["credentials"])

    def clean_kept_portrait(self) -> UploadedImage | None:
        """Return the portrait that was uploaded a step before; None where it is none of ours."""
        try:
            pk = _signer(self.teacher).unsign(self.cleaned_data["kept_portrait"])
        except BadSignature:
            return None
        return UploadedImage.objects.filter(pk=pk).first()

    def clean_contact_address(self) -> Address:
        """Return the contact address as parsed."""
        return parsed(self.cleaned_data["contact_address"])

    def clean(self) -> dict:
        """Find the town, and refuse an entry that says neither way of teaching."""
        cleaned = super().clean()
        if not cleaned.get("teaches_in_person") and not cleaned.get("teaches_online"):
            self.add_error("teaches_in_person", _("Please choose at least one way of teaching."))
        if "town" in cleaned:
            try:
                cleaned["found_place"] = self._found_place(cleaned["town"])
            except ValidationError as error:
                self.add_error("town", error)
        return cleaned

    def _found_place(self, town: str) -> Place | None:
        if not town:
            return None
        if self.own.place and town == label_of(self.own.place):
            return self.own.place
        found = resolve(town)
        known = [found.place, *found.candidates, *found.others]
        towns = [place for place in known if getattr(place, "kind", "") == Place.Kind.TOWN]
        chosen = [place for place in towns if str(place.pk) == self.cleaned_data.get("place")]
        if chosen:
            return chosen[0]
        if found.place in towns:
            return found.place
        if len(towns) == 1:
            return towns[0]
        self.candidates, self.spellings = towns, found.near_spellings
        if towns:
            raise ValidationError(_("Which one do you mean? Please choose below."))
        if self.spellings:
            spellings = ", ".join(self.spellings)
            raise ValidationError(
                _("We do not know this town. Do you mean: %(spellings)s?"),
                params={"spellings": spellings},
            )
        raise ValidationError(_("We do not know this town. Please type the next larger one."))

    # --- how it is shown --------------------------------------------------------------------

    def chosen_languages(self) -> list[BoundWidget]:
        """Return the checkboxes of the languages that are chosen, by name."""
        return [option for option in self["languages"] if option.data["selected"]]

    def other_languages(self) -> list[BoundWidget]:
        """Return the checkboxes of all other languages, by name."""
        return [option for option in self["languages"] if not option.data["selected"]]

    def mistakes(self) -> list[BoundField]:
        """Return the fields that have a mistake, in the order of the page."""
        return [field for field in self.visible_fields() if field.errors]

    def focus_on_first_mistake(self) -> None:
        """Have the browser begin at the first field with a mistake."""
        for field in self.mistakes()[:1]:
            field.field.widget.attrs["autofocus"] = True

    # --- what follows -----------------------------------------------------------------------

    @property
    def place_choices(self) -> list[tuple[int, str]]:
        """The towns to choose from, with their names, where what was typed may mean several."""
        return [(place.pk, label_of(place)) for place in self.candidates]

    def changes(self) -> dict[str, object]:
        """Return what the teacher changed, as `own_changes.submit` takes it.

        A field that was sent as it was shown is none of it, so that what staff changed since the
        page was opened stays. The portrait is not among it.
        """
        data = self.cleaned_data
        stored = {
            **{name: data[name] for name in ("name", "credentials", "website", "public_phone")},
            "languages": sorted(data["languages"]),
            "teaches_in_person": data["teaches_in_person"],
            "teaches_online": data["teaches_online"],
            "programs": sorted(program.pk for program in data["programs"]),
            "biography": rich_text(data["biography"]),
            "place": data["found_place"].pk if data["found_place"] else None,
        }
        typed = {**stored, "biography": data["biography"], "town": data["town"]}
        shown, sent = self._seen(), json.loads(_fingerprints(typed))
        return {
            "place" if name == "town" else name: stored["place" if name == "town" else name]
            for name in COMPARED
            if shown.get(name) != sent[name]
        }

    def new_address(self) -> Address | None:
        """Return the contact address where it is another than before."""
        address = self.cleaned_data["contact_address"]
        return address if address.key != self.teacher.contact_key else None

    def _seen(self) -> dict[str, str]:
        """What the page showed; what it shows now where the browser sent nothing that says it."""
        try:
            seen = json.loads(self.cleaned_data.get("seen") or "")
        except (ValueError, RecursionError):
            seen = None
        return seen if isinstance(seen, dict) else json.loads(_fingerprints(_shown(self.own)))

    def ignored(self) -> list[str]:
        """Return the names of posted fields of a teacher that are not the teacher's to change."""
        own = {*self.fields, *OF_THE_PAGE}
        fields = {field.name for field in Teacher._meta.get_fields()}
        return sorted(name for name in self.data if name in fields - own)


def kept(teacher: Teacher, portrait: UploadedImage) -> str:
    """Return what stands in the form for a portrait that is uploaded and not yet saved."""
    return _signer(teacher).sign(str(portrait.pk))


def _signer(teacher: Teacher) -> Signer:
    return Signer(salt=f"teachers.portrait.{teacher.handle}")


def _shown(own: Teacher) -> dict[str, object]:
    return {
        "name": own.name,
        "credentials": own.credentials,
        "biography": typed_text(own.biography),
        "languages": sorted(own.languages),
        "teaches_in_person": own.teaches_in_person,
        "teaches_online": own.teaches_online,
        "programs": sorted(program.pk for program in own.programs.all()),
        "town": label_of(own.place) if own.place else "",
        "website": own.website,
        "public_phone": own.public_phone,
    }


def _fingerprints(values: dict[str, object]) -> str:
    """Return a short print of each value: what a browser sends back as it came is unchanged."""
    prints = {}
    for name in COMPARED:
        value = values[name]
        if isinstance(value, str):  # browsers send line breaks as two characters
            value = "\n".join(value.splitlines()).strip()
        text = json.dumps(value, ensure_ascii=True)
        prints[name] = hashlib.sha256(text.encode()).hexdigest()[:10]
    return json.dumps(prints)


def _languages_of(own: Teacher) -> set[str]:
    chosen = {program.locale.language_code for program in own.programs.all()}
    return chosen | {settings.LANGUAGE_CODE}


def _one_line(text: str) -> str:
    if any(unicodedata.category(sign) in NOT_IN_A_NAME and sign not in JOINERS for sign in text):
        raise ValidationError(_t("Please write this on one line, without invisible signs."))
    return text
