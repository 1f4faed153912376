"""Addresses of date polls."""

from django.urls import path

from .views import polls

urlpatterns = [
    path("groups/<str:group>/polls/new/", polls.open, name="open_poll"),
    path("polls/<str:poll>/", polls.poll, name="poll"),
    path("polls/<str:poll>/answer/", polls.answer, name="answer_poll"),
    path("polls/<str:poll>/enter/", polls.enter, name="enter_answer"),
    path("polls/<str:poll>/change/", polls.change, name="change_poll"),
    path("polls/<str:poll>/cancel/", polls.cancel, name="cancel_poll"),
    path("dates/<str:slot>/choose/", polls.choose, name="choose_date"),
    path("answer/<str:token>/", polls.by_link, name="answer_by_link"),
]
