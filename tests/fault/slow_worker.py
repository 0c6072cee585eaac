"""A worker whose imports take their time: small blocks, a pause after each, and a mark in a file for whoever watches.

python -m tests.fault.slow_worker PAUSE HOLD LEASE MARKS CELERY-ARGUMENTS...
After the block HOLD, counted over all attempts, it goes no further: however late whoever watches is, the kill falls there.
The hooks are set here and only here: nothing in the product can be slowed from outside.
"""

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from celery.__main__ import main  # noqa: E402

from kpi import steps  # noqa: E402
from kpi.ingest import runs, storing  # noqa: E402

BLOCK = 500
FOR_EVER = 600
STAGED = "import staged a block"


def slow_down(pause: float, hold: int, marks: Path) -> None:
    def on_step(name: str) -> None:
        with marks.open("a") as file:
            file.write(f"{os.getpid()} {name}\n")
        if name == STAGED:
            time.sleep(FOR_EVER if hold and marks.read_text().count(STAGED) == hold else pause)

    steps.on_step = on_step
    storing.ROWS = BLOCK
    storing.BEAT = 0.5


if __name__ == "__main__":
    slow_down(float(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[4]))
    runs.LEASE = timedelta(seconds=float(sys.argv[3]))
    sys.argv = ["celery", *sys.argv[5:]]
    main()
