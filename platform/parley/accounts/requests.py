"""The type of a request behind a door for people signed in (`signed_in`, `needs`): its user is a person."""

from django.http import HttpRequest

from .models import User


class PersonsRequest(HttpRequest):
    user: User
