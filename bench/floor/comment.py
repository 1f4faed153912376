"""A bare insert: a form with its CSRF token, session and user, one row, and back to the page."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from .models import Comment


class CommentForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ("kind", "text")


@require_POST
@login_required
def comment(request: HttpRequest, section: int) -> HttpResponse:
    form = CommentForm(request.POST, instance=Comment(section_id=section, written_by=request.user, side="Northland"))
    if not form.is_valid():
        return render(request, "floor/comment.html", {"form": form}, status=422)
    form.save()
    return redirect("big_page")
