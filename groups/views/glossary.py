"""The glossary of a programme: its agreed terms with the words of every side, and what is proposed to change."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups import actions
from groups.actions.keys import AlreadyProposed
from groups.actions.style import NothingToChange
from groups.forms_glossary import TermForm
from groups.models import Style, StyleChange, Term
from groups.motions import MayNotBeMoved
from groups.style import progress_of_all
from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed
from parley.programmes.models import Programme, Side

SHOWN = 20


@require_safe
@needs("groups.see_style", Programme)
def glossary(request: PersonsRequest, programme: Programme) -> HttpResponse:
    changes = programme.style_changes.filter(what=Style.GLOSSARY).select_related("proposed_by")
    changes = changes.prefetch_related("programme__sides")
    open_ones = list(changes.open())
    changing = {change.about for change in open_ones}
    sides = programme.sides_in_order()
    terms = [_row(term, sides, changing) for term in Term.objects.agreed().filter(programme=programme)]
    context = {
        "programme": programme,
        "sides": sides,
        "terms": terms,
        "proposed": progress_of_all(open_ones, request.user),
        "past": changes.exclude(state=StyleChange.State.OPEN)[:SHOWN],
        "may_propose": request.user.has_perm("groups.propose_style", programme),
    }
    return render(request, "groups/glossary.html", context)


def _row(term: Term, sides: list[Side], changing: set[str]) -> dict[str, Any]:
    said = [(side, term.names.get(side.public_id, "")) for side in sides]
    return {"term": term, "said": said, "is_changing": term.public_id in changing}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("groups.propose_style", Programme)
@second_factor_needed
def add(request: PersonsRequest, programme: Programme) -> HttpResponse:
    form = TermForm(request.POST or None, sides=programme.sides_in_order())
    return _page(request, programme, None, form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("groups.change_term", Term)
@second_factor_needed
def change(request: PersonsRequest, term: Term) -> HttpResponse:
    form = TermForm(request.POST or None, sides=term.programme.sides_in_order(), term=term)
    return _page(request, term.programme, term, form)


def _page(request: PersonsRequest, programme: Programme, term: Term | None, form: TermForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        contents = form.contents
        why = _proposed(request, lambda: _propose(request, programme, term, contents))
        if why is None:
            return redirect("glossary", programme=programme.public_id)
        form.add_error("name", why)
    context = {"programme": programme, "term": term, "form": form}
    return render(request, "groups/term.html", context)


def _propose(request: PersonsRequest, programme: Programme, term: Term | None, contents: Any) -> StyleChange:
    return actions.propose_term(programme=programme, term=term, contents=contents, by=request.user)


def _proposed(request: PersonsRequest, act: Callable[[], object]) -> str | None:
    """None when it is proposed, or when there is nothing to do; else why it cannot be."""
    try:
        act()
    except AlreadyProposed:
        messages.info(request, _("A change of this is proposed already. Withdraw it first, or wait for its keys."))
    except NothingToChange:
        messages.info(request, _("Nothing was proposed: it is so already, or no group has been founded yet."))
    except MayNotBeMoved as because:
        return str(because)
    else:
        messages.success(request, _("Proposed. It takes effect when every group concerned has turned its keys."))
    return None


@require_POST
@needs("groups.change_term", Term)
@second_factor_needed
def retire(request: PersonsRequest, term: Term) -> HttpResponse:
    why = _proposed(request, lambda: _propose(request, term.programme, term, None))
    if why is not None:
        messages.error(request, why)
    return redirect("glossary", programme=term.programme.public_id)
