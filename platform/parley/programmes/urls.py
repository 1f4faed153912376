"""Addresses of programmes."""

from django.urls import path

from . import views

urlpatterns = [
    path("programmes/", views.programmes, name="programmes"),
    path("programmes/new/", views.start, name="programme_start"),
    path("programmes/<str:programme>/", views.programme, name="programme"),
    path("programmes/<str:programme>/edit/", views.edit, name="programme_edit"),
    path("programmes/<str:programme>/host/", views.host, name="programme_host"),
    path("programmes/<str:programme>/phases/new/", views.add_phase, name="phase_add"),
    path("phases/<str:phase>/", views.change_phase, name="phase_change"),
    path("phases/<str:phase>/remove/", views.remove_phase, name="phase_remove"),
    path("programmes/<str:programme>/ground-rules/", views.ground_rules, name="ground_rules"),
    path("programmes/<str:programme>/ground-rules/new/", views.new_ground_rules, name="ground_rules_new"),
    path("ground-rules/<str:groundrules>/", views.accept_ground_rules, name="ground_rules_accept"),
    path("facilitators/<str:facilitator>/end/", views.end_facilitator, name="facilitator_end"),
]
