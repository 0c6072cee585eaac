"""A process that fetches until what it fetched is stored: python -m tests.fault.fetching PORT LEASE

The vendor is the one on that port of this machine. The way to it is replaced here and only here: no setting of the product leads inside.
"""

import os
import socket
import sys
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from kpi import ingest, pulls  # noqa: E402
from kpi.models import Connection  # noqa: E402
from kpi.pulls import hold, pulling, wire  # noqa: E402

FOR_EVER = 60


def fetch(port: int) -> str:
    """How it ended; taken is waited out, as the timetable does."""
    connection = Connection.objects.get().pk
    until = time.monotonic() + FOR_EVER
    while (pulled := pulls.pull(connection)).state == "taken" and Connection.objects.get().attempt < 2 and time.monotonic() < until:
        time.sleep(0.1)
    if pulled.run is not None:
        ingest.store(pulled.run)
        pulls.settle_run(pulled.run)
    return pulled.state


if __name__ == "__main__":
    hold.LEASE, pulling.BEAT_S = timedelta(seconds=float(sys.argv[2])), 0.2
    wire.connect = lambda host: socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=FOR_EVER)
    sys.exit(fetch(int(sys.argv[1])) not in {"fetched", "taken"})
