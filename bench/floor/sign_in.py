"""Signing in with a password, as Django does it: the cost is Argon2's."""

from django.contrib.auth.views import LoginView

sign_in = LoginView.as_view(template_name="floor/sign_in.html")
