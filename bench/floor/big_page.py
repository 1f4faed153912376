"""The big page: 50 members, 20 sections with their figures, 500 comments. Five queries, some 230 kB."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .models import Comment, Member, Section


@login_required
def big_page(request: HttpRequest) -> HttpResponse:
    context = {
        "members": Member.objects.filter(group=1).select_related("user").order_by("pk"),
        "sections": Section.objects.filter(group=1),
        "comments": Comment.objects.filter(section__group=1).select_related("written_by", "section"),
    }
    return render(request, "floor/big_page.html", context)
