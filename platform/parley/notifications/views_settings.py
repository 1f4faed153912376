"""When mail comes: the person's own settings, and the way out that every such mail carries."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parley.access import open_to_anyone, signed_in

from . import actions
from .forms import HabitsForm, LeavingForm
from .leaving import way_out
from .models import GroupLevel, Habits
from .places import groups_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("one's own settings")
def notification_settings(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    levels = dict(GroupLevel.objects.filter(reader=person).values_list("group", "level"))
    habits = Habits.objects.filter(reader=person).first() or Habits(reader=person)
    form = HabitsForm(_sent(request), habits=habits, groups=groups_of(person), levels=levels)
    if request.method == "POST" and form.is_valid():
        actions.change_habits(person, levels=form.levels, by=person, **form.habits)
        messages.success(request, _("Your settings are saved."))
        return redirect("notification_settings")
    context = {"form": form, "nav": "updates"}
    return render(request, "notifications/settings.html", context, status=422 if form.errors else 200)


@csrf_exempt  # a mail system has no cookie of ours: the signed address is what shows who asks
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_anyone(
    "whoever has the mail may stop such mails, signed out (RFC 8058); nothing else can be done or seen there"
)
def leave_list(request: HttpRequest, token: str) -> HttpResponse:
    way = way_out(token)
    if way is None:
        raise Http404
    if request.POST.get("List-Unsubscribe") == "One-Click":
        actions.leave_list(way.reader, way.of)
        return HttpResponse(status=204)
    form = LeavingForm(_sent(request), of=way.of)
    done = ""
    if request.method == "POST" and form.is_valid():
        done = form.cleaned_data["stop"]
        if done == "yes":
            actions.leave_list(way.reader, way.of)
    status = 422 if form.errors else 200
    return render(request, "notifications/leave_list.html", {"form": form, "done": done}, status=status)


def _sent(request: HttpRequest) -> Any:
    """What was sent, even if that is nothing: pressed without a choice, it asks again."""
    return request.POST if request.method == "POST" else None
