"""The verification page: a code or a file in, what was signed out. Nothing that is sent here is kept."""

from typing import Any

from allauth.core import ratelimit
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from parley.access import open_to_anyone
from reports.forms_signing import VerifyForm
from reports.verification import Found, Reader, Verdict, by_code, by_file

# Of a whole request: the largest file, the code and what stands around them.
LARGEST_REQUEST = VerifyForm.LARGEST + 100_000
STATUS = {Verdict.BUSY: 503}


@csrf_exempt  # asked for below, once the size is known: the check of the token reads all that was sent
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_anyone("Anybody who holds a document may check it")
def verify(request: HttpRequest) -> HttpResponse:
    if _length(request) > LARGEST_REQUEST:
        form = VerifyForm({})
        form.full_clean()
        form.errors.clear()
        form.add_error("file", VerifyForm.TOO_LARGE)
        return render(request, "public/verify.html", {"form": form}, status=413)
    request.upload_handlers = [InMemory(request)]
    return _checked(request)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class InMemory(MemoryFileUploadHandler):
    """Whatever its size, a stranger's file is written to no disk; the whole request was measured before."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Beyond what may be sent nothing is kept; the form sees the true size and refuses it."""
        if start <= VerifyForm.LARGEST:
            super().receive_data_chunk(raw_data, start)


def _found(file: Any, code: str, reader: Reader) -> Found:
    return by_file(file.read(), reader) if file else by_code(code, reader)


@csrf_protect
def _checked(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and not ratelimit.consume(request, action="check_document"):
        return render(request, "429.html", status=429)
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    found: Found | None = None
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        found = _found(file, form.cleaned_data["code"], request.user)
    elif request.GET.get("code"):
        code = request.GET["code"][: VerifyForm.LONGEST]
        form = VerifyForm(initial={"code": code})
        found = by_code(code, request.user)
    status = STATUS.get(found.verdict, 200) if found else 422 if form.errors else 200
    return render(request, "public/verify.html", {"form": form, "found": found}, status=status)
