"""`make bench`: every figure of docs/speed.md, as a ratio to its floor within one run. It never fails a build."""

import argparse
import gzip
import re
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.services import free_port

from .checks import measured
from .sites import Missing, Process, Sites, WebServer, resident_mb
from .table import Figure, line

WARM_UPS = 3
PAGES_OF_A_WARM_UP = 30


class Bench:
    def __init__(self, sites: Sites, rounds: int) -> None:
        self.sites, self.rounds = sites, rounds
        self.ours = sites.process("ours", "-m", "bench.measured", "bench.ours")
        self.floor = sites.process("floor", "-m", "bench.measured", "bench.floor.cases")
        self.figures: list[Figure] = []

    # ---- one figure ---------------------------------------------------------------------------------------------

    def compare(self, name: str, case: str, floor: str, *, most: float | None, times: int = 4) -> float:
        """Ours and the floor's in turn, round by round; the median of the rounds' ratios."""
        ours, theirs, ratios = [], [], []
        for _ in range(WARM_UPS):
            self.cost(self.ours, case, 1)
            self.cost(self.floor, floor, 1)
        for _ in range(self.rounds):
            ours.append(self.cost(self.ours, case, times))
            theirs.append(self.cost(self.floor, floor, times))
            ratios.append(ours[-1] / theirs[-1])
        ratio = statistics.median(ratios)
        self.tell(name, f"{statistics.median(ours):.1f} ms", f"{statistics.median(theirs):.1f} ms", ratio, most, " ×")
        return statistics.median(ours)

    def cost(self, process: Process, case: str, times: int) -> float:
        """Milliseconds of processor for one act: the least of a few, since noise only ever adds."""
        spent: list[float] = self.answer(process, "run", case, times=times)["ms"]
        return min(spent)

    def queries(self, name: str, *cases: str, most: float | None) -> list[str]:
        """The queries of these acts together, without the marks of transactions."""
        told = [self.answer(self.ours, "count", case) for case in cases]
        found = [sql for answer in told for sql in answer["queries"]]
        marks = sum(answer["marks"] for answer in told)
        more = f" and {marks} savepoint marks" if marks else ""
        self.tell(f"{name}, queries", f"{len(found)}{more}", "", len(found), most)
        return found

    def answer(self, process: Process, do: str, case: str, **more: Any) -> dict[str, Any]:
        answer = process.ask(do=do, case=case, **more)
        if "failure" in answer:
            raise RuntimeError(f"{case}: {answer['failure']}")
        return answer

    def tell(
        self,
        name: str,
        ours: str,
        floor: str = "",
        value: float | None = None,
        most: float | None = None,
        unit: str = "",
    ) -> None:
        self.figures.append(Figure(name, ours, floor, value, most, unit))
        print(line(self.figures[-1]), flush=True)

    # ---- the figures --------------------------------------------------------------------------------------------

    def pages(self) -> None:
        self.compare("Group page", "group", "big page", most=0.30)
        self.queries("Group page", "group", most=8)
        self.compare("Document page (20 sections)", "document", "big page", most=None)
        self.queries("Document page", "document", most=None)
        self.compare("Home", "home", "big page", most=None)
        for state, most in (("cold", 1.0), ("warm", 0.2), ("unchanged", None)):
            self.compare(f"Section page, 500 comments, {state}", f"section, {state}", "big page", most=most)
            self.queries(f"Section page, {state}", f"section, {state}", most=8)
        size = self.answer(self.ours, "run", "section, warm", times=1)["bytes"]
        floor = self.answer(self.floor, "run", "big page", times=1)["bytes"]
        self.tell("Section page, bytes", f"{size / 1000:.0f} kB", f"{floor / 1000:.0f} kB")

    def comments(self) -> None:
        for name, case in (
            ("Add a comment, at 0", "comment at 0"),
            ("Add a comment, at 500", "comment"),
            ("Add a comment that 25 are told of", "comment, 25 told"),
        ):
            self.compare(name, case, "comment", most=3)
            self.queries(name, case, most=10)

    def signing_in(self) -> None:
        cases = ("sign-in, asking", "sign-in, typing")
        floors, ours, ratios = [], [], []
        for _ in range(self.rounds):
            ours.append(sum(self.cost(self.ours, case, 2) for case in cases))
            floors.append(self.cost(self.floor, "sign-in", 2))
            ratios.append(ours[-1] / floors[-1])
        told = [f"{statistics.median(each):.1f} ms" for each in (ours, floors)]
        self.tell("Sign in (code asked for and typed)", *told, statistics.median(ratios), 0.70, " ×")
        self.queries("Sign in", *cases, most=None)

    def lists(self) -> None:
        """A list that asks more for 30 rows than for 1 asks for each row."""
        for name in self.ours.ask(do="tell")["lists"]:
            try:
                one, thirty = (self.answer(self.ours, "count", f"list: {name} ({n})") for n in (1, 30))
            except RuntimeError as failure:
                print(f"Not measured: {failure}", file=sys.stderr)
                continue
            asked = [len(answer["queries"]) for answer in (one, thirty)]
            self.tell(
                f"List: {name}", "{} queries at 1 row, {} at 30".format(*asked), "", asked[1] - asked[0], 0, " more"
            )

    def paper(self, report: Path) -> None:
        """Our worker and `write_pdf` in turn; the first of each only warms up."""
        folder = self.sites.folder / "paper"
        folder.mkdir()
        ours = self.sites.process("ours", "-m", "bench.paper", "ours", str(folder))
        ours.hear()
        floor = self.sites.process("floor", "-m", "bench.paper", "floor", str(folder))
        ours.ask(), floor.ask()
        told, theirs = zip(*[(ours.ask(), floor.ask()) for _ in range(self.rounds)], strict=True)
        if told[-1]["state"] != "done":
            raise RuntimeError(f"{report} was not printed: {told[-1]['problem']}")
        ratio = statistics.median(o["ms"] / t["ms"] for o, t in zip(told, theirs, strict=True))
        costs = [f"{statistics.median(each['ms'] for each in side) / 1000:.2f} s" for side in (told, theirs)]
        self.tell(f"PDF of {told[-1]['pages']} pages, worker", *costs, ratio, 1.3, " ×")
        self.tell("PDF, peak memory", f"{max(each['peak_mb'] for each in told):.0f} MB")

    def asking_for_paper(self) -> None:
        """Beside a comment of ours, as the goal says."""
        ratios, costs = [], []
        for _ in range(WARM_UPS):
            self.cost(self.ours, "print", 1)
        for _ in range(self.rounds):
            costs.append((self.cost(self.ours, "print", 4), self.cost(self.ours, "comment", 4)))
            ratios.append(costs[-1][0] / costs[-1][1])
        told = [f"{statistics.median(each):.1f} ms" for each in zip(*costs, strict=True)]
        self.tell("PDF, request (beside a comment)", *told, statistics.median(ratios), 2, " ×")
        self.queries("PDF, request", "print", most=None)

    def checks(self) -> None:
        """All rules over a long document, and over one edit of it."""
        for name, spent in measured().items():
            goal = {"all": 2000, "edit": 100}[name]
            self.tell(f"Checks of 200 passages, {name}", f"{spent:.0f} ms", "", spent, goal, " ms")

    def over_http(self) -> None:
        """A first page as it travels, and what two workers hold in memory after a while."""
        server = WebServer(self.sites, free_port())
        server.await_answer()
        sizes = first_page(server)
        self.tell("First page, bytes", f"{sum(sizes):,}", "", sum(sizes) / 1000, 50, " kB")
        self.tell("First page, requests", str(len(sizes)), "", len(sizes), 6)
        reader = self.ours.ask(do="tell")
        for path in reader["paths"] * PAGES_OF_A_WARM_UP:
            server.get(path, reader["cookies"])
        workers = [resident_mb(pid) for pid in server.workers()]
        self.tell("Two web workers", " + ".join(f"{mb:.0f}" for mb in workers), "", sum(workers), 250, " MB")


def first_page(server: WebServer) -> list[int]:
    """Bytes of the sign-in page and of everything that it names, compressed as the proxy and WhiteNoise do."""
    page, _ = server.get("/account/login/")
    html = page.decode()
    named = re.findall(r'<link\b[^>]*\shref="(/static/[^"]+)"|<script\b[^>]*\ssrc="(/static/[^"]+)"', html)
    return [len(gzip.compress(page, 6)), *(len(server.get(a or b)[0]) for a, b in dict.fromkeys(named))]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--report", type=Path, help="a report in the exchange format, to be printed")
    words.add_argument("--rounds", type=int, default=7, help="how often ours and the floor's are measured in turn")
    words.add_argument("--quick", action="store_true", help="two groups instead of twenty, three rounds")
    words.add_argument("--keep", action="store_true", help="leave databases of an earlier run as they are")
    asked = words.parse_args()
    sites = Sites(keep=asked.keep, quick=asked.quick)
    try:
        measure(sites, asked)
    except Missing as missing:
        print(f"Nothing was measured. {missing}")
    finally:
        sites.end()


def measure(sites: Sites, asked: argparse.Namespace) -> None:
    """A part that fails is told and left out; the others go on."""
    sites.prepare()
    has_report = asked.report is not None and asked.report.is_file()
    if has_report:
        sites.call("ours", "manage.py", "first_facilitator", "facilitator-of-the-report@bench.example")
        sites.call("ours", "manage.py", "import_document", str(asked.report), "--specimen", "Specimen: for the bench")
    bench = Bench(sites, 3 if asked.quick else asked.rounds)
    print(line(Figure("Figure", "ours", "floor")).rstrip() + "      ratio or value, goal")
    parts: list[Callable[[], None]] = [
        bench.pages,
        bench.comments,
        bench.signing_in,
        bench.lists,
        bench.checks,
        bench.over_http,
    ]
    if has_report:
        parts += [lambda: bench.paper(asked.report), bench.asking_for_paper]
    else:
        print("PDF: not measured. make bench REPORT=path/of/report.json names a report.")
    for part in parts:
        try:
            part()
        except Exception as failure:  # noqa: BLE001 (a bench tells and goes on)
            print(f"Not measured: {failure}", file=sys.stderr)


if __name__ == "__main__":
    main()
