"""The gallery: every part of a page, for those who build pages and those who check them."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import gallery as samples


@require_safe
@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every part, in the frame of a signed-in person at `?frame=signed-in`; not found unless PARLEY_GALLERY is on."""
    if not getattr(settings, "PARLEY_GALLERY", False):
        raise Http404
    context = samples.context()
    if request.GET.get("frame") == "signed-in":
        frame = {"user": samples.SamplePerson(), "own_programme": "", "unread": 3, "nav": "documents"}
        context |= {**frame, "still": True}
    return render(request, "ui/gallery.html", context)
