"""Reads the figures of a return into a year: upload, look at what was read, confirm."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Locale, Site

from finance.figures import FIGURES
from finance.fiscal_years import usual_start
from finance.form990 import Form990, read_return
from finance.forms import ReturnForm
from finance.kinds import ANNUAL_RETURNS
from finance.models import AnnualFigures, Filing
from finance.return_refusals import RefusedReturn
from pages.models import OrganisationSettings

SALT = "finance.import"
SECONDS_TO_CONFIRM = 3600


@dataclass(frozen=True)
class Row:
    """One figure: as the return has it and as it is stored; None is not known."""

    label: Promise
    read: int | None
    stored: int | None

    @property
    def changes(self) -> bool:
        """Whether the import changes the figure."""
        return self.read != self.stored


@permission_required(
    ["finance.add_annualfigures", "finance.change_annualfigures", "finance.publish_annualfigures"],
    raise_exception=True,
)
def import_figures(request: HttpRequest) -> HttpResponse:
    """Ask for a return; show what was read beside what is stored; store it when confirmed."""
    if "confirm" in request.POST:
        return _confirmed(request)
    form = ReturnForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        organisation = OrganisationSettings.for_site(Site.find_for_request(request))
        try:
            found = read_return(form.cleaned_data["xml"], ein=organisation.ein)
        except RefusedReturn as refused:
            form.add_error("xml", str(refused))
        else:
            return _review(request, found)
    status = 400 if form.is_bound and form.errors else 200
    return TemplateResponse(request, "finance/staff/import.html", {"form": form}, status=status)


def _review(request: HttpRequest, found: Form990) -> HttpResponse:
    stored = _stored(found.fiscal_year_end)
    rows = [
        Row(label, found.figures[name], getattr(stored, name) if stored else None)
        for name, label in FIGURES.items()
    ]
    payload = {
        "start": found.fiscal_year_start.isoformat(),
        "end": found.fiscal_year_end.isoformat(),
        "form": found.form,
        "amended": found.amended,
        "figures": found.figures,
        "user": request.user.pk,
    }
    context = {
        "found": found,
        "stored": stored,
        "rows": rows,
        "changes": any(row.changes for row in rows),
        "differences": found.differences,
        "source": _source(found.fiscal_year_end, amended=found.amended),
        "payload": signing.dumps(payload, salt=SALT, compress=True),
    }
    return TemplateResponse(request, "finance/staff/import_review.html", context)


def _confirmed(request: HttpRequest) -> HttpResponse:
    try:
        payload = signing.loads(
            request.POST.get("payload", ""), salt=SALT, max_age=SECONDS_TO_CONFIRM
        )
    except signing.BadSignature:
        payload = None
    if payload is None or payload["user"] != request.user.pk:
        messages.error(request, _("That took too long. Please upload the return once more."))
        return redirect("finance_import")
    try:
        figures = store(payload, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("finance_import")
    messages.success(
        request,
        (
            _("The figures of the fiscal year %(year)s are published.")
            if figures.live
            else _("The figures are in the draft of the fiscal year %(year)s.")
        )
        % {"year": figures.fiscal_year},
    )
    return redirect("wagtailsnippets_finance_annualfigures:edit", figures.pk)


@transaction.atomic
def store(payload: dict, user) -> AnnualFigures:
    """Store and publish the figures of a return that was read; raises ValidationError.

    A year's figures are all of one return: what it does not state is a gap, whatever was stored;
    the history keeps that. The sentence of staff stays. A year whose figures were never published
    stays a draft. Where published figures have an unpublished draft, or are locked, nothing is
    stored: it is the draft's author who must say what is to become of the draft's words.
    """
    start, end = date.fromisoformat(payload["start"]), date.fromisoformat(payload["end"])
    figures = _stored(end) or AnnualFigures(locale=Locale.get_default(), live=False)
    is_new = figures.pk is None
    _refuse_if_in_hand(figures, user)
    if not is_new and not figures.live:
        figures = figures.get_latest_revision_as_object()
    figures.fiscal_year_end = end
    figures.fiscal_year_start = None if start == usual_start(end) else start
    for name in FIGURES:
        setattr(figures, name, payload["figures"][name])
    figures.source = _source(end, amended=payload["amended"]) or figures.source
    figures.is_sample = False
    figures.full_clean()
    publishes = is_new or figures.live
    if is_new:
        figures.save()
    revision = figures.save_revision(user=user)
    log(
        instance=figures,
        action="finance.import",
        user=user,
        revision=revision,
        data={"form": payload["form"], "amended": payload["amended"]},
    )
    if publishes:
        revision.publish(user=user)
    return AnnualFigures.objects.get(pk=figures.pk)


def _refuse_if_in_hand(figures: AnnualFigures, user) -> None:
    if figures.pk is None:
        return
    lock = figures.get_lock()
    if lock and lock.for_user(user):
        raise ValidationError(_("These figures are locked. Unlock them, then import again."))
    if figures.live and figures.has_unpublished_changes:
        raise ValidationError(
            _(
                "There is an unpublished draft of these figures. Publish it or go back to the "
                "published figures, then import again."
            )
        )


def _stored(fiscal_year_end: date) -> AnnualFigures | None:
    figures = AnnualFigures.objects.filter(locale=Locale.get_default())
    return figures.filter(fiscal_year=fiscal_year_end.year).first()


def _source(fiscal_year_end: date, *, amended: bool) -> Filing | None:
    """The return that is filed here for the year, the amended one where that was read."""
    returns = Filing.kept.filter(kind__in=ANNUAL_RETURNS, locale=Locale.get_default())
    of_year = returns.filter(fiscal_year_end=fiscal_year_end)
    if amended:
        return of_year.exclude(amends=None).order_by("-pk").first()
    return of_year.filter(amends=None).order_by("pk").first()
