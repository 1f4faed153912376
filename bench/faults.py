"""Everything that carries mail killed by turns while notices are told: what was lost, doubled, or should not have left.

python -m bench.faults --notices 10000 --kills 200
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.parley.notifications.faults import run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parley-faults-") as folder:
        told = run(Path(folder), notices=asked.notices, kills=asked.kills, report=print)
    print(f"{told.rows} notices in {told.seconds:.0f} s; killed: {dict(told.kills)}")
    print(f"lost {told.lost}, phantoms {told.phantoms}, doubled {told.doubled}")
    sys.exit(bool(told.lost or told.phantoms or told.doubled > told.kills.total()))


if __name__ == "__main__":
    main()
