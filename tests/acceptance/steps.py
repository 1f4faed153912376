"""What people do, each as a person would: by links, forms and buttons."""

import re

from .person import Page, Person, Unexpected
from .site import Site

# A code typed in the last moment of its half minute is refused, as a person would find too.
TRIES = 3
CODE = r"\n\s{4}([A-Z0-9]{4}-?[A-Z0-9]{4})\s*\n"


def expect(page: Page, status: int = 200) -> Page:
    if page.status != status:
        raise Unexpected(f"{page.url} answered {page.status}, not {status}: {page.text[:900]}")
    return page


def sign_in(site: Site, person: Person) -> Page:
    """A typed code by mail and, where one is set up, the authenticator's code."""
    page = expect(person.get("/account/login/"))
    before = len(site.mails_to(person.email))
    page = expect(person.submit(page, page.form(holding="login"), login=person.email))
    return _typed_the_code(site, person, page, before)


def _typed_the_code(site: Site, person: Person, page: Page, before: int) -> Page:
    code = site.mailed(person.email, CODE, after=before)
    page = expect(person.submit(page, page.form(holding="code", button="Sign in"), code=code))
    if "second-step" in page.url:
        page = expect(person.submit(page, page.form(holding="code"), code=person.code()))
        if "second-step" in page.url:
            page = expect(person.submit(page, page.form(holding="code"), code=person.code()))
    return _first_steps(site, person, page)


def _first_steps(site: Site, person: Person, page: Page) -> Page:
    """One question a page, until there is none."""
    for _step in range(8):
        if "/welcome/name" in page.url:
            page = expect(person.submit(page, page.form(holding="name")))
        elif "/welcome/zone" in page.url:
            page = expect(person.submit(page, page.form(holding="time_zone"), time_zone="Europe/Amsterdam"))
        elif page.forms(button="Accept the ground rules"):
            page = expect(person.submit(page, page.form(button="Accept the ground rules")))
        elif "/second-factor/" in page.url and not person.secret:
            page = set_up_app(site, person)
        else:
            return page
    raise Unexpected(f"The first steps of {person.email} do not end: {page.url}")


def set_up_app(site: Site, person: Person) -> Page:
    """An authenticator app: its secret is on the page, its first code proves that it works.

    Some time after signing in the person types a mailed code once more first.
    """
    before = len(site.mails_to(person.email))
    page = expect(person.get("/account/second-factor/app/add/"))
    if page.forms(holding="code", button="Sign in"):
        code = site.mailed(person.email, CODE, after=before)
        page = expect(person.submit(page, page.form(holding="code", button="Sign in"), code=code))
        page = expect(person.get("/account/second-factor/app/add/"))
    person.secret = re.findall(r"[?&]secret=([A-Z2-7]+)", page.link("Open the app on this device"))[0]
    for _code in range(TRIES):
        page = expect(person.submit(page, page.form(holding="code", button="Finish"), code=person.code()))
        if not page.forms(holding="code", button="Finish"):
            break
    return expect(person.get("/account/welcome/"))


def accept_invitation(site: Site, person: Person) -> None:
    """The link of the mail, opened twice by a scanner first, then accepted; the account begins with it."""
    link = site.mailed(person.email, r"(http://\S+/invitation/\S+/)")
    for _scanner in range(2):
        expect(person.get(link))
    before = len(site.mails_to(person.email))
    page = expect(person.get(link))
    page = expect(person.submit(page, page.form(button="Accept the invitation")))
    if page.forms(holding="code", button="Sign in"):
        page = _typed_the_code(site, person, page, before)
    _first_steps(site, person, page)
    expect(person.get(link), 410)


def press(person: Person, url: str, button: str, **values: str) -> Page:
    """Open a page and press one of its buttons."""
    page = expect(person.get(url))
    return expect(person.submit(page, page.form(button=button), button=button, **values))


def turn_key(person: Person, motion: str) -> None:
    page = press(person, motion, "Turn the key")
    if page.forms(button="Turn the key"):
        raise Unexpected(f"{person.email} turned the key, and is asked again: {page.text[:600]}")


def with_proof(person: Person, page: Page, button: str) -> Page:
    """Fill in the code of the authenticator beside the text, and press."""
    for _code in range(TRIES):
        form = page.form(button=button)
        code = next(name for name in form.fields if name and name.endswith("code"))
        page = expect(person.submit(page, form, button=button, **{code: person.code()}))
        if not page.forms(button=button):
            return page
    raise Unexpected(f"No code of {person.email} is taken: {page.text[:900]}")
