from django.urls import path

from .big_page import big_page
from .comment import comment
from .sign_in import sign_in

urlpatterns = [
    path("", big_page, name="big_page"),
    path("sections/<int:section>/comment/", comment, name="comment"),
    path("accounts/login/", sign_in, name="login"),
]
