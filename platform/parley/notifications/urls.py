"""Included under updates/."""

from django.urls import path, re_path

from . import views, views_settings

urlpatterns = [
    path("", views.updates, name="updates"),
    re_path(r"^(?P<show>waiting|all)/$", views.updates, name="updates_shown"),
    path("settings/", views_settings.notification_settings, name="notification_settings"),
    path("leave/<str:token>/", views_settings.leave_list, name="leave_list"),
    path("read/", views.mark_all_read, name="mark_all_read"),
    path("<slug:notice>/read/", views.mark_read, name="mark_read"),
    path("<slug:notice>/done/", views.mark_done, name="mark_done"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<slug:delivery>/requeue/", views.requeue, name="requeue_delivery"),
]
