"""Small pages for the scripts' tests, in the frame of every page, and what was sent to them."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path

from parley.urls import urlpatterns as site

received: list[dict[str, list[str]]] = []
refuse_order = False
version = 1

WRITE = """{% extends "base.html" %}{% block main %}<h1>Write</h1>
<div data-watch="document:abc"><p id="version">version {{ version }}</p></div>
{% include "elements/form.html" with draft="passage:abc" submit="Send" %}{% endblock %}"""
DONE = (
    """{% extends "base.html" %}{% block main %}<h1>Done</h1><p><a href="/write/">Write again</a></p>{% endblock %}"""
)
ORDER = """{% extends "base.html" %}{% block main %}<h1>Order</h1>
<ol class="order" data-order="/ordered/" data-moved="{name}: place {place} of {count}" data-refused="Not changed">
{% for one in things %}<li data-id="{{ one }}">
<button class="grip" type="button" hidden aria-label="Move {{ one }}"></button><span class="name">{{ one }}</span>
</li>{% endfor %}
</ol>{% endblock %}"""


PROGRESS = """{% extends "base.html" %}{% block main %}<h1>Progress</h1>
{% include "elements/progress.html" with what="Setting the pages" done=40 url="/polled/" %}{% endblock %}"""
SHORT_WAY = """{% extends "base.html" %}{% block main %}<h1>Short way</h1><p id="answer">none</p>
<form method="post" action="/said/" hx-post="/said/" hx-target="#answer">{% csrf_token %}{% idempotency_key %}
<div class="field"><label for="said">Words</label><input id="said" name="words"></div>
<button class="button" type="submit">Say</button></form>{% endblock %}"""
REFUSED = """{% extends "base.html" %}{% block main %}<h1>It changed meanwhile</h1>{% endblock %}"""


class WriteForm(forms.Form):
    words = forms.CharField(widget=forms.Textarea(attrs={"data-count": "5"}))


def shown(request: HttpRequest, source: str, **context) -> HttpResponse:
    context |= {"version": version}
    return HttpResponse(engines["django"].from_string(source).render(context, request))


@login_not_required
def write(request: HttpRequest) -> HttpResponse:
    form = WriteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        received.append(dict(request.POST.lists()))
        return HttpResponseRedirect("/done/")
    return shown(request, WRITE, form=form)


@login_not_required
def done(request: HttpRequest) -> HttpResponse:
    return shown(request, DONE)


@login_not_required
def order(request: HttpRequest) -> HttpResponse:
    return shown(request, ORDER, things=["Introduction", "Perspectives", "Recommendations"])


@login_not_required
def ordered(request: HttpRequest) -> HttpResponse:
    received.append(dict(request.POST.lists()))
    return HttpResponse(status=409 if refuse_order else 204)


@login_not_required
def progress(request: HttpRequest) -> HttpResponse:
    return shown(request, PROGRESS)


@login_not_required
def polled(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>Ten pages are ready.</p>")


@login_not_required
def short_way(request: HttpRequest) -> HttpResponse:
    return shown(request, SHORT_WAY)


@login_not_required
def said(request: HttpRequest) -> HttpResponse:
    received.append(dict(request.POST.lists()))
    if request.POST["words"] == "stale":
        page = shown(request, REFUSED)
        page.status_code = 409
        return page
    return HttpResponse("heard")


urlpatterns = [
    path("write/", write),
    path("done/", done),
    path("order/", order),
    path("ordered/", ordered),
    path("progress/", progress),
    path("polled/", polled),
    path("short-way/", short_way),
    path("said/", said),
    *site,
]
