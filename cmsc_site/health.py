"""Is the site alive, and is it ready? Asked by machines, answered in a word."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from health_check.views import HealthCheckView

from pages.read_only import read_only


@never_cache
@read_only
def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process can answer at all; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


class ReadyView(HealthCheckView):
    """Answers 200 when database and cache work, else 500 with the names of what fails."""

    checks = [
        "health_check.checks.Cache",
        "health_check.checks.Database",
    ]

    async def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer in plain text, whatever the asker would accept."""
        request.GET = request.GET.copy()
        request.GET["format"] = "text"
        return await super().get(request, *args, **kwargs)
