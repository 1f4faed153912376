"""The rows of the floor: 50 members, 20 sections, 500 comments, in an empty database."""

from datetime import timedelta

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 (these need the app registry)
from django.utils import timezone  # noqa: E402

from bench.floor.models import Comment, Group, Member, Section  # noqa: E402

SAID = "The second sentence can be read in two ways. We would say who tells whom, and by when."
SIDES = ("Northland", "Southland")


def build() -> None:
    group = Group.objects.create(name="Group 00")
    users = User.objects.bulk_create(
        User(username=f"member-{n}", email=f"member-{n}@bench.example", first_name="Member", last_name=str(n))
        for n in range(50)
    )
    users[1].set_password("as long as it takes")
    users[1].save()
    Member.objects.bulk_create(
        Member(group=group, user=user, side=SIDES[n % 2], role="co-chair" if n < 2 else "member")
        for n, user in enumerate(users)
    )
    sections = Section.objects.bulk_create(
        Section(group=group, title=f"Section {n + 1}: what we found", position=n, tabled=25) for n in range(20)
    )
    # Where the measured inserts go, so that the page keeps its 500 comments.
    Section.objects.create(group=Group.objects.create(name="Group 01"), title="Elsewhere")
    began = timezone.now() - timedelta(days=2)
    Comment.objects.bulk_create(
        Comment(
            section=sections[n % 20],
            written_by=users[n % 50],
            side=SIDES[n % 2],
            kind=("question", "fact", "wording", "red line")[n % 4],
            text=SAID,
            written_at=began + timedelta(seconds=n),
        )
        for n in range(500)
    )


if __name__ == "__main__":
    build()
