"""Addresses of the register of recommendations."""

from django.urls import path

from .views import register

urlpatterns = [
    path("programmes/<str:programme>/recommendations/", register.register, name="register"),
    path("programmes/<str:programme>/recommendations.csv", register.register_csv, name="register_csv"),
    path("published/recommendations/<str:programme>/", register.public_register, name="public_register"),
    path("published/recommendations/<str:programme>.csv", register.public_register_csv, name="public_register_csv"),
    path("recommendations/<str:recommendation>/", register.recommendation, name="recommendation"),
    path("recommendations/<str:recommendation>/follow-up/", register.follow_up, name="follow_up"),
    path("recommendations/<str:recommendation>/themes/", register.labels, name="label_recommendation"),
    path("follow-ups/<str:entry>/correct/", register.correct, name="correct_follow_up"),
    path("follow-ups/<str:entry>/ask/", register.ask, name="ask_follow_up"),
]
