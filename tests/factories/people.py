"""Invented people, by role and number."""

import factory

from parley.accounts.models import User


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    zone_confirmed = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        email = kwargs.pop("email")
        return model_class.objects.create_user(email, **kwargs)
