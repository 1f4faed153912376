"""Addresses of agreement ad referendum and of the package rule."""

from django.urls import path

from .views import referrals

urlpatterns = [
    path("documents/<str:document>/package/", referrals.package, name="package"),
    path("referrals/<str:referral>/", referrals.referral, name="referral"),
    path("referrals/<str:referral>/confirm/", referrals.confirm, name="confirm_referral"),
    path("referrals/<str:referral>/prolong/", referrals.prolong, name="prolong_referral"),
]
