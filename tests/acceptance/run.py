"""The whole way on a real report, over HTTP, against real server processes (`make acceptance`).

From an empty database: the report is imported with the names of its people, everybody is invited and signs in with a
real second factor, both co-chairs settle each passage, release, freeze and initial, ten people answer (one signs with
a reservation, one declines), both keys authorise, a facilitator publishes. What was printed is then compared with what
came in. The signed PDF, its verification page and the ledger are left in the output folder for a person to look at.
"""

import argparse
import csv
import io
import json
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

from tests import services

from .checks import check_export, check_pdf, check_verification
from .person import Page, Person, Unexpected
from .site import Site
from .steps import accept_invitation, expect, press, set_up_app, sign_in, turn_key, with_proof

SPECIMEN = "Specimen: made to try the software out. Nobody named here has signed it."


class Walk:
    """One walk through the whole job; `say` tells how far it is."""

    def __init__(self, site: Site, report: Path, output: Path) -> None:
        self.site, self.report, self.output = site, report, output
        self.given = json.loads(report.read_text(encoding="utf-8"))
        self.began = time.monotonic()
        self.facilitator = Person(site.address, "facilitator@host.example")
        self.people: dict[str, Person] = {}
        self.document = ""

    def say(self, words: str) -> None:
        print(f"{time.monotonic() - self.began:6.1f} s  {words}", flush=True)

    def all(self) -> None:
        self.import_report()
        self.invite_everybody()
        self.settle_everything()
        self.look_at_the_checks()
        self.release_and_freeze()
        self.initial_and_sign()
        self.publish()
        self.look_at_it()

    # ---- people -------------------------------------------------------------------------------------------------

    def import_report(self) -> None:
        self.site.manage("first_facilitator", self.facilitator.email, "--name", "Acceptance Facilitator")
        printed = self.site.manage("import_document", str(self.report), "--specimen", SPECIMEN)
        self.document = printed.strip().splitlines()[-1]
        back = self.output / "imported.json"
        self.site.manage("export_document", self.document, "--format", "json", "--output", str(back))
        check_export(self.given, json.loads(back.read_text(encoding="utf-8")))
        self.say(f"imported as {self.document}; exported again, it is the same")

    def invite_everybody(self) -> None:
        self.site.start()
        sign_in(self.site, self.facilitator)
        rows = [
            (side["name"], member if isinstance(member, dict) else {"name": member, "role": "member"})
            for side in self.given["sides"]
            for member in side["members"]
        ]
        self._send_list(rows)
        # Co-chairs first: the word of a side's co-chair opens its members' seats.
        for place, (side, member) in enumerate(sorted(rows, key=lambda row: row[1]["role"] != "co-chair")):
            person = self.people[member["name"]] = Person(self.site.address, self._address(rows, side, member))
            accept_invitation(self.site, person)
            self._confirm_seats()
            self.say(f"{place + 1} of {len(rows)} sits in the group")

    def _holds_a_factor(self, person: Person) -> None:
        """A mailed code alone turns no key and signs nothing."""
        if not person.secret:
            set_up_app(self.site, person)

    def _address(self, rows: list[tuple[str, dict[str, str]]], side: str, member: dict[str, str]) -> str:
        return f"member{rows.index((side, member)) + 1}@people.example"

    def _send_list(self, rows: list[tuple[str, dict[str, str]]]) -> None:
        sheet = io.StringIO()
        writer = csv.writer(sheet)
        writer.writerow(["email", "name", "group", "role", "side"])
        for side, member in rows:
            writer.writerow(
                [self._address(rows, side, member), member["name"], self.given["group"], member["role"], side]
            )
        home = expect(self.facilitator.get("/"))
        programme = expect(self.facilitator.get(home.link(self.given["programme"])))
        page = expect(self.facilitator.get(f"{programme.url}invite/list/"))
        form = page.form(button="Show what would be sent")
        field = next(name for name in form.fields if name and form.inputs[name].get("type") == "file")
        page = expect(self.facilitator.upload(page, form, field, "people.csv", sheet.getvalue().encode()))
        form = next(f for f in page.tree.forms if (f.get("action") or "").endswith("/send/"))
        expect(self.facilitator.submit(page, form))

    def _confirm_seats(self) -> None:
        """Each co-chair opens the seats that wait for their word."""
        for chair in self.chairs:
            home = expect(chair.get("/"))
            if "/second-factor/" in home.url:
                # A co-chair is led nowhere else before there is one.
                self._holds_a_factor(chair)
                home = expect(chair.get("/"))
            while "Confirm the seat" in home.text:
                press(chair, home.link("Look and confirm"), "Confirm the seat")
                home = expect(chair.get("/"))

    @property
    def chairs(self) -> list[Person]:
        """The co-chairs who have an account by now, in the order of the sides."""
        names = [
            m["name"]
            for side in self.given["sides"]
            for m in side["members"]
            if isinstance(m, dict) and m["role"] == "co-chair"
        ]
        return [self.people[name] for name in names if name in self.people]

    # ---- agreement ----------------------------------------------------------------------------------------------

    def settle_everything(self) -> None:
        """The first co-chair proposes what both settle and settles their own views; the second turns the other keys."""
        for chair in self.chairs:
            page = expect(chair.get(f"/documents/{self.document}/settle/"))
            form = page.form(button="Read them")
            chosen = [box.get("value") for box in form.iter("input") if box.get("name") == "p"]
            page = expect(chair.submit(page, form, p=chosen))
            form = next(f for f in page.tree.forms if f.method == "POST" and "settle" in (f.get("action") or page.url))
            expect(chair.submit(page, form))
        page = expect(self.chairs[0].get(f"/documents/{self.document}/settle/"))
        if page.forms(button="Read them"):
            raise Unexpected(f"Something is not settled: {page.text[:600]}")
        self.say("every passage is settled by the keys that it takes")

    def _two_keys(self, path: str, button: str, **values: str) -> Page:
        first, *others = self.chairs
        page = press(first, f"/documents/{self.document}/{path}/", button, **values)
        for chair in others:
            turn_key(chair, page.url)
        page = expect(first.get(page.url))
        if "It has taken effect" not in page.text:
            raise Unexpected(f"{path} did not take effect: {page.text[:900]}")
        return page

    def look_at_the_checks(self) -> None:
        """The text stays as it was published: what the checks find in it is let stand by both keys."""
        first, *others = self.chairs
        freeze = expect(first.get(f"/documents/{self.document}/freeze/"))
        page = expect(first.get(f"/documents/{self.document}/checks/"))
        (self.output / "checks.html").write_bytes(page.body)
        forms = page.forms(button="Propose to let the chosen findings stand")
        if not forms:
            self.say("the checks found nothing")
            return
        if "neither mended nor waived. Look at" not in freeze.text:
            raise Unexpected(f"Findings do not hold the freeze: {freeze.text[:900]}")
        chosen = [box.get("value") for box in forms[0].iter("input") if box.get("name") == "f"]
        page = expect(first.submit(page, forms[0], f=chosen, reason="The report stands as it was published."))
        for chair in others:
            turn_key(chair, page.url)
        page = expect(first.get(f"/documents/{self.document}/checks/"))
        if page.forms(button="Propose to let the chosen findings stand"):
            raise Unexpected(f"Findings are open still: {page.text[:900]}")
        self.say(f"{len(chosen)} findings of the checks are let stand by both keys")

    def release_and_freeze(self) -> None:
        self._two_keys("release", "Propose draft")
        self.say("draft 1 is released")
        self._two_keys("freeze", "Propose to freeze")
        self.say("the final text is frozen")

    # ---- signing ------------------------------------------------------------------------------------------------

    def initial_and_sign(self) -> None:
        for person in self.people.values():
            self._holds_a_factor(person)
        for chair in self.chairs:
            page = expect(chair.get(f"/documents/{self.document}/initial/"))
            with_proof(chair, page, "Initial this text")
        self.say("both co-chairs have initialled")
        members = [person for person in self.people.values() if person not in self.chairs]
        self._decline(members[0])
        self._sign(members[1], reservation="I sign, and I read the second paragraph otherwise.")
        for person in [*members[2:], *self.chairs]:
            self._sign(person)
        self.say(f"{len(self.people)} people have answered: one declined, one signed with a reservation")

    def _answer(self, person: Person, **values: str) -> Page:
        self._holds_a_factor(person)
        page = expect(person.get(f"/documents/{self.document}/sign/"))
        return expect(person.submit(page, page.form(button="Check my answer"), **values))

    def _sign(self, person: Person, reservation: str = "") -> None:
        values = {"choice": "reserve", "reservation": reservation} if reservation else {"choice": "sign"}
        button = "Sign with this reservation" if reservation else "Sign this text"
        page = with_proof(person, self._answer(person, **values), button)
        if "/receipt/" not in page.url:
            raise Unexpected(f"{person.email} has no receipt: {page.text[:900]}")

    def _decline(self, person: Person) -> None:
        page = self._answer(person, choice="decline", reason="I was not there when this was written.")
        page = expect(person.submit(page, page.form(button="Decline to sign")))
        if "/receipt/" not in page.url:
            raise Unexpected(f"{person.email} has no receipt: {page.text[:900]}")

    # ---- publication --------------------------------------------------------------------------------------------

    def publish(self) -> None:
        now = datetime.now(UTC)
        first, *others = self.chairs
        zone_day = {"authorise-day": f"{now:%Y-%m-%d}", "authorise-hour": "00:00"}
        page = press(first, f"/documents/{self.document}/publish/", "Turn my key for publication", **zone_day)
        for chair in others:
            turn_key(chair, page.url)
        page = press(
            self.facilitator,
            f"/documents/{self.document}/publish/",
            "Publish this document",
            **{"publish-title": self.given["title"]},
        )
        if "published" not in page.text.lower():
            raise Unexpected(f"Not published: {page.text[:900]}")
        self.say("authorised by both keys and published")

    def look_at_it(self) -> None:
        """What the world gets: the PDF, the verification page, and the ledger that stays inside."""
        world = Person(self.site.address, "")
        listed = expect(world.get("/published/"))
        address = listed.link(self.given["title"])
        pdf = self._wait_for_pdf(world, address)
        (self.output / "signed.pdf").write_bytes(pdf)
        check_pdf(self.output / "signed.pdf", self.given, specimen=SPECIMEN)
        self.say("the PDF holds the whole text in order, and says on each page that it is a specimen")
        verified = self._verify(world, pdf)
        (self.output / "verification.html").write_bytes(verified.body)
        check_verification(verified.text, self.given, specimen=SPECIMEN)
        altered = bytearray(pdf)
        altered[len(altered) // 2] ^= 1
        if "This is the signed document" in self._verify(world, bytes(altered)).text:
            raise Unexpected("A file with one changed byte was called the signed document.")
        self.say("the verification page knows the file, and refuses it with one byte changed")
        ledger = expect(self.chairs[0].get(f"/documents/{self.document}/ledger/"))
        (self.output / "ledger.html").write_bytes(ledger.body)
        (self.output / "published.html").write_bytes(expect(world.get(address)).body)
        print(self.site.manage("verify_chain").strip().splitlines()[-1])

    def _wait_for_pdf(self, world: Person, address: str) -> bytes:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            page = world.get(urljoin(address, "pdf/"))
            if page.body.startswith(b"%PDF-"):
                return page.body
            time.sleep(1)
        raise Unexpected(f"The PDF is not printed within two minutes; see {self.site.folder / 'server.log'}")

    def _verify(self, world: Person, pdf: bytes) -> Page:
        page = expect(world.get("/verify/"))
        return expect(world.upload(page, page.form(holding="code"), "file", "document.pdf", pdf))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("report", type=Path, help="a report in the exchange format")
    words.add_argument("--output", type=Path, default=Path("var/acceptance"))
    asked = words.parse_args()
    if not asked.report.is_file():
        sys.exit(
            f"make acceptance needs a report: {asked.report} is not there. Name one by REPORT=path/to/report.json."
        )
    shutil.rmtree(asked.output, ignore_errors=True)
    print("── embedded: one process, SQLite")
    walk(asked.report, asked.output)
    production(asked.report, asked.output / "production")
    print(f"Look at {asked.output}: signed.pdf, verification.html, published.html, ledger.html")


def production(report: Path, output: Path) -> None:
    """The same with pages, worker and beat as processes of their own, where PostgreSQL and Redis answer."""
    database, redis = services.postgresql_url(), services.redis_url()
    if not (database and redis):
        print("LEFT OUT: the same way on PostgreSQL and Redis, which do not answer here.")
        if services.required():
            sys.exit("PARLEY_REQUIRE_SERVICES is set.")
        return
    print("── production: gunicorn, worker and beat, PostgreSQL, Redis")
    with services.empty_database(database) as emptied:
        walk(report, output, database=emptied, redis=redis)


def walk(report: Path, output: Path, *, database: str = "", redis: str = "") -> None:
    output.mkdir(parents=True)
    site = Site(output.resolve() / "site", database=database, redis=redis)
    site.folder.mkdir()
    for command in (["migrate"], ["createcachetable"], ["collectstatic", "--noinput"]):
        site.manage(*command)
    try:
        Walk(site, report, output).all()
    finally:
        site.stop()


if __name__ == "__main__":
    main()
