"""Addresses of views and their answers."""

from django.urls import path

from .views import coverage

urlpatterns = [
    path("documents/<str:document>/coverage/", coverage.coverage, name="coverage"),
    path("passages/<str:passage>/no-reply/", coverage.no_reply, name="no_reply"),
    path("passages/<str:passage>/points/", coverage.points, name="mark_points"),
    path("passages/<str:passage>/answers/", coverage.answers, name="name_points"),
    path("no-replies/<str:no_reply>/take-back/", coverage.take_back, name="take_back_no_reply"),
]
