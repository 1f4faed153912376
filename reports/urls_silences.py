"""Addresses of silence procedures."""

from django.urls import path

from .views import silences

urlpatterns = [
    path("documents/<str:document>/silence/", silences.propose, name="propose_silence"),
    path("silences/<str:silence>/", silences.silence, name="silence"),
    path("silences/<str:silence>/opened/", silences.opened, name="open_silence"),
    path("silences/<str:silence>/break/", silences.broken, name="break_silence"),
    path("entitled/<str:entitled>/mail-came-back/", silences.came_back, name="silence_bounced"),
]
