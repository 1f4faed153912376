"""Addresses of meetings."""

from django.urls import path

from . import views

urlpatterns = [
    path("meetings/", views.meetings, name="meetings"),
    path("groups/<str:group>/meetings/new/", views.announce, name="announce_meeting"),
    path("meetings/<str:meeting>/", views.meeting, name="meeting"),
    path("meetings/<str:meeting>/change/", views.change, name="change_meeting"),
    path("meetings/<str:meeting>/cancel/", views.cancel, name="cancel_meeting"),
    path("meetings/<str:meeting>/remind/", views.remind, name="remind_of_meeting"),
    path("meetings/<str:meeting>/answer/", views.answer, name="answer_meeting"),
    path("meetings/<str:meeting>/calendar/", views.calendar, name="meeting_calendar"),
]
