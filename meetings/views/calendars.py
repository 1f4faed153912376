"""The calendar by month, a person's feed, and a programme's customs of meetings."""

import calendar as months
import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from meetings import feeds
from meetings.actions import make_feed, revoke_feed, set_customs
from meetings.calendars import feed_file
from meetings.forms_customs import CustomsForm, FeedForm
from meetings.models import CalendarFeed, Meeting
from parley.access import needs, open_to_anyone, signed_in
from parley.accounts.requests import PersonsRequest
from parley.programmes.models import Programme
from parley.ui.times import month_words, weekdays

from .frame import typed

FORMS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Month:
    first: dt.date

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return month_words(self.first)

    @property
    def weeks(self) -> list[list[dt.date]]:
        return months.Calendar().monthdatescalendar(self.first.year, self.first.month)

    @property
    def before(self) -> "Month":
        return Month((self.first - dt.timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month((self.first + dt.timedelta(days=31)).replace(day=1))

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """Its whole weeks, on the reader's clock."""
        zone = timezone.get_current_timezone()
        first, last = self.weeks[0][0], self.weeks[-1][-1] + dt.timedelta(days=1)
        return (dt.datetime.combine(first, dt.time(), zone), dt.datetime.combine(last, dt.time(), zone))


def _month(typed: str) -> Month:
    """The present one for anything that is no month of our century."""
    try:
        first = dt.datetime.strptime(typed, "%Y-%m").date()  # noqa: DTZ007 (a month has no zone)
    except ValueError:
        first = timezone.localdate()
    return Month(first.replace(day=1) if 2000 <= first.year < 2100 else timezone.localdate().replace(day=1))


@require_safe
@signed_in("One's own meetings, and those of the programmes that one sees")
def calendar_page(request: PersonsRequest) -> HttpResponse:
    """By month, as a table or as a list; of all programmes or of one."""
    month = _month(request.GET.get("month", ""))
    programmes = list(Programme.objects.visible_to(request.user))
    programme = next((p for p in programmes if p.public_id == request.GET.get("programme")), None)
    found = Meeting.objects.visible_to(request.user).overlapping(*month.span).select_related("group__programme")
    if programme:
        found = found.filter(group__programme=programme)
    held = feeds.by_day(found.order_by("starts", "pk"))
    view = "list" if request.GET.get("view") == "list" else ""
    asked = {"month": month.name, "view": view, "programme": programme.public_id if programme else ""}
    context = {
        "nav": "meetings",
        "month": month,
        **_ways(asked, month, programmes),
        "weekdays": weekdays(),
        "zone": timezone.get_current_timezone_name(),
        "weeks": [[(day, held.get(day, []), day.month == month.first.month) for day in week] for week in month.weeks],
        "days": [(day, held[day]) for day in sorted(held) if day.month == month.first.month],
        "as_list": bool(view),
        "chosen": programme,
        "today": timezone.localdate(),
    }
    return render(request, "meetings/calendar.html", context)


def _ways(asked: dict[str, str], month: Month, programmes: list[Programme]) -> dict[str, Any]:
    """From this page to the months beside it, to the other way to show it, and to other programmes."""

    def query(**other: str) -> str:
        return f"?{urlencode({name: value for name, value in (asked | other).items() if value})}"

    return {
        "before": query(month=month.before.name),
        "present": query(month=""),
        "after": query(month=month.after.name),
        "ways": [
            (_("Month"), query(view=""), not asked["view"]),
            (_("List"), query(view="list"), bool(asked["view"])),
        ],
        "whose": [
            (_("All my meetings"), query(programme=""), not asked["programme"]),
            *((p.name, query(programme=p.public_id), p.public_id == asked["programme"]) for p in programmes),
        ],
    }


@never_cache
@require_http_methods(FORMS)
@signed_in("One's own calendar feed")
def feed_settings(request: PersonsRequest) -> HttpResponse:
    """Its address is shown once, when it is made."""
    feed, token = CalendarFeed.objects.filter(person=request.user).first(), ""
    form = FeedForm(typed(request), initial={"discreet": feed.discreet if feed else True})
    if request.method == "POST" and "revoke" in request.POST:
        revoke_feed(by=request.user)
        messages.success(request, _("The address opens nothing any more."))
        return redirect("calendar_feed")
    if request.method == "POST" and form.is_valid():
        token = make_feed(discreet=form.cleaned_data["discreet"], by=request.user)
        feed = CalendarFeed.objects.get(person=request.user)
    address = f"{settings.PARLEY_URL}{reverse('feed', kwargs={'token': token})}" if token else ""
    return render(request, "meetings/feed.html", {"feed": feed, "form": form, "address": address})


@require_safe
@open_to_anyone("One person’s calendar, for whoever knows its secret address; the person can take the address back")
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """Two questions; none of them and no file where nothing has changed since the calendar asked."""
    found = feeds.feed_of(token)
    if found is None:
        raise Http404
    meetings = feeds.meetings_of(found)
    etag = quote_etag(feeds.state_of(found, meetings))
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        with translation.override(found.person.language):
            content = feed_file(meetings, discreet=found.discreet, name="Parley")
        answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer


@require_http_methods(FORMS)
@needs("programmes.manage", Programme)
def customs(request: PersonsRequest, programme: Programme) -> HttpResponse:
    form = CustomsForm(typed(request), programme=programme)
    if request.method == "POST" and form.is_valid():
        set_customs(programme, **form.customs, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("programme", programme=programme.public_id)
    context: dict[str, Any] = {"programme": programme, "form": form}
    return render(request, "meetings/customs.html", context)
