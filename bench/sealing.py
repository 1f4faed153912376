"""What the seal costs over the PDF of the report, without network: opening the key, sealing, reading it back.

`python -m bench.sealing`: each line that comes in is one sealing, answered with its seconds by the clock.
"""

import json
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    import django

    django.setup()

    from reports.models import Document
    from reports.publishing import render_bounded
    from reports.publishing.canonical import canonical, sha256
    from reports.renditions import render_input_now
    from reports.sealing.act import seal
    from reports.sealing.keys import KeyPlace, opened
    from reports.sealing.trial import make_trial_seal

    document = Document.objects.exclude(specimen="").order_by("-pk")[0]
    order = render_input_now(document) | {"draft": "", "seal": {"trial": True}}
    order["records"] = empty_records(sha256(canonical(order["text"])))
    pdf = render_bounded(order)
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder, "trial.p12")
        make_trial_seal(key)
        print(json.dumps({"ready": True, "bytes": len(pdf)}), flush=True)
        for _ in sys.stdin:
            began = time.perf_counter()
            with opened(KeyPlace(str(key), is_trial=True)) as opened_key:
                seal(pdf, opened_key)
            print(json.dumps({"s": time.perf_counter() - began}), flush=True)


def empty_records(text_sha256: str) -> dict:
    """The page of signatures, where the seal has its place, without anybody on it."""
    kinds = ("initials", "signatures", "reservations", "declined")
    return {"text_sha256": text_sha256, "verify_url": "", "code": "", **{kind: [] for kind in kinds}}


if __name__ == "__main__":
    main()
