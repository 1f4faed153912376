"""Addresses of meetings."""

from django.urls import path

from .urls_polls import urlpatterns as polls
from .views import around, calendars, meetings

urlpatterns = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("groups/<str:group>/meetings/new/", meetings.announce, name="announce_meeting"),
    path("meetings/calendar/", calendars.calendar_page, name="calendar"),
    path("meetings/<str:meeting>/", meetings.meeting, name="meeting"),
    path("meetings/<str:meeting>/announce/", meetings.announce_it, name="announce_draft"),
    path("meetings/<str:meeting>/change/", meetings.change, name="change_meeting"),
    path("meetings/<str:meeting>/cancel/", meetings.cancel, name="cancel_meeting"),
    path("meetings/<str:meeting>/remind/", meetings.remind, name="remind_of_meeting"),
    path("meetings/<str:meeting>/answer/", meetings.answer, name="answer_meeting"),
    path("meetings/<str:meeting>/calendar/", meetings.calendar, name="meeting_calendar"),
    path("meetings/<str:meeting>/agenda/", around.build_agenda, name="build_agenda"),
    path("meetings/<str:meeting>/travel/", around.travel, name="travel"),
    path("meetings/<str:meeting>/letter/", around.letter, name="letter"),
    path("settings/calendar/", calendars.feed_settings, name="calendar_feed"),
    path("feed/<str:token>/meetings.ics", calendars.feed, name="feed"),
    path("programmes/<str:programme>/meetings/", calendars.customs, name="meeting_customs"),
    *polls,
]
