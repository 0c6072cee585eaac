"""A worker whose imports take their time: small blocks, a pause after each, and a mark in a file for whoever watches.

python -m tests.fault.slow_worker PAUSE HOLD LEASE MARKS CELERY-ARGUMENTS...
After the block HOLD, counted over all attempts, it goes no further: however late whoever watches is, the kill falls there. Where HOLD
names a step, whoever reaches it first stands there until there is a file `go` beside the marks.
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
from django.conf import settings  # noqa: E402

from kpi import steps  # noqa: E402
from kpi.ingest import runs, storing  # noqa: E402

BLOCK = 500
FOR_EVER = 600
IDLE = "-c idle_in_transaction_session_timeout=3s"  # in the product it is minutes
STAGED = "import staged a block"


def slow_down(pause: float, hold: str, marks: Path) -> None:
    def on_step(name: str) -> None:
        with marks.open("a") as file:
            file.write(f"{os.getpid()} {name}\n")
        reached = [line.partition(" ")[2] for line in marks.read_text().splitlines()].count(name)
        if name == hold and reached == 1:
            while not marks.with_name("go").exists():
                time.sleep(0.1)
        if name == STAGED:
            time.sleep(FOR_EVER if hold == str(reached) else pause)

    steps.on_step = on_step
    storing.ROWS = BLOCK
    storing.BEAT = 0.5


if __name__ == "__main__":
    slow_down(float(sys.argv[1]), sys.argv[2], Path(sys.argv[4]))
    if "postgresql" in str(settings.DATABASES["default"]["ENGINE"]):
        settings.DATABASES["default"]["OPTIONS"]["options"] = IDLE
    runs.LEASE = timedelta(seconds=float(sys.argv[3]))
    sys.argv = ["celery", *sys.argv[5:]]
    main()
