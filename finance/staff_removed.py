"""Filings that staff have removed, and how they bring them back."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import DeleteView

from finance.models import Filing

may_delete = permission_required("finance.delete_filing", raise_exception=True)


class RemoveView(DeleteView):
    """Asks before a filing is removed; twice where everyone could read it once."""

    def get_context_data(self, **kwargs) -> dict:
        """Tell the page whether this is the first or the second time of asking."""
        context = super().get_context_data(**kwargs)
        context["asks_again"] = self.request.method == "POST"
        context["was_public"] = self.object.was_ever_public
        return context

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        """Remove the filing, or ask the second time."""
        if self.object.was_ever_public and request.POST.get("step") != "second":
            return self.render_to_response(self.get_context_data())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        """Remove the filing and offer to undo it."""
        success_url = self.get_success_url()
        self.delete_action()
        undo = reverse("finance_restore_filing", args=[self.object.pk])
        messages.success(
            self.request,
            _("“%(filing)s” was removed. Its file and history are kept.") % {"filing": self.object},
            buttons=[messages.button(undo, _("Undo"))],
        )
        return redirect(success_url)


@may_delete
def removed_filings(request: HttpRequest) -> HttpResponse:
    """Answer with the filings that were removed, the last one first."""
    filings = Filing.objects.exclude(removed_at=None).order_by("-removed_at")
    return TemplateResponse(request, "finance/staff/removed.html", {"filings": filings})


@may_delete
def restore_filing(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then bring a removed filing back as it was."""
    filing = get_object_or_404(Filing.objects.exclude(removed_at=None), pk=pk)
    if request.method == "POST":
        filing.restore()
        log(instance=filing, action="finance.restore")
        messages.success(request, _("“%(filing)s” is back as it was.") % {"filing": filing})
        return redirect("wagtailsnippets_finance_filing:edit", filing.pk)
    return TemplateResponse(request, "finance/staff/restore.html", {"filing": filing})


def refuse_in_bulk(request: HttpRequest, instances) -> HttpResponse | None:
    """Send staff to remove filings one at a time, where they are asked about each."""
    filings = [instance for instance in instances if isinstance(instance, Filing)]
    if not filings or "/bulk/" not in request.path:
        return None
    messages.error(
        request, _("Filings are removed one at a time. Open a filing and choose “Delete”.")
    )
    return redirect("wagtailsnippets_finance_filing:list")
