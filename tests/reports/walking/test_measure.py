import cProfile, pstats, time, collections
import pytest
from reports.models import Document, Silence
from .machine import Agreement
from . import test_walk

pytestmark = pytest.mark.django_db


def test_measure(made):
    seen = collections.Counter()
    orig = Agreement.attempt

    def attempt(self, act, *a, **k):
        ok = orig(self, act, *a, **k)
        name = getattr(act, "__name__", str(act))
        if name in ("propose",):
            name += ":" + a[0]
        seen[(name, ok)] += 1
        return ok

    Agreement.attempt = attempt
    look = Agreement.everything_is_explained
    otd = Agreement.teardown

    def td(self):
        seen["end:" + Document.objects.get(pk=self.made.document.pk).state] += 1
        for s in Silence.objects.all():
            seen["silence:" + s.state] += 1
        return otd(self)

    Agreement.teardown = td
    began = time.process_time()
    pr = cProfile.Profile()
    from functools import partial
    from hypothesis import settings as S, Phase
    import logging

    logging.disable(logging.CRITICAL)
    test_walk.settings = partial(S, phases=[Phase.generate])
    if __import__("os").environ.get("PROFILE"):
        pr.enable()
    m = test_walk.walk(made, walks=int(__import__("os").environ.get("WALKS", 25)), length=100)
    pr.disable()
    t = time.process_time() - began
    if __import__("os").environ.get("PROFILE"):
        pstats.Stats(pr).sort_stats("cumtime").print_stats(70)
    print("steps", m.steps, "taken", m.taken, "s", round(t, 1), "ms/step", round(1000 * t / max(1, m.steps), 2))
    for k, v in sorted(seen.items(), key=str):
        print(k, v)
