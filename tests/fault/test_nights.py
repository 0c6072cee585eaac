"""A night whose process is killed between and inside its steps: it goes on where it was, adds nothing up twice and sends no second mail."""

from pathlib import Path

import pytest

from tests.fault.processes import SET_UP, Centre, file_of, invariants, kill, until

pytestmark = pytest.mark.fault
ROWS = 1000
READER = """
from django.core.management import call_command
call_command("import_file", FILE, "--source", "interactions_csv", "--no-roll-up", "-v0")
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from kpi.models import Membership, Subscription
user = User.objects.create_user("reader", "reader@example.com")
Membership.objects.create(user=user, role="executive")
Subscription.objects.create(user=user, rhythm="daily")
Subscription.objects.update(created_at=timezone.now() - timedelta(3))
"""
# The night as the worker does it, which stands still at one step, or to its end; the lease is the one thing that is shorter.
NIGHT = """
import time
from datetime import timedelta
from pathlib import Path
from django.conf import settings
from kpi import nights, steps, tasks
from kpi.nights import running
running.LEASE = timedelta(seconds=0.2)
def on_step(name):
    with (Path(settings.DATA_DIR) / "marks").open("a") as file:
        file.write(f"1 {name}\\n")
    if name == STOP:
        time.sleep(600)
steps.on_step = on_step
tasks.ring = lambda task, *ids: task(*ids)
nights.by_hand()
nights.go_on()
tasks.morning()
"""


def work(stop: str = "") -> str:
    return f"STOP = {stop!r}\n" + NIGHT


def test_a_night_that_is_killed_goes_on_and_sends_each_mail_once(anywhere: Centre, tmp_path: Path) -> None:
    prepared = anywhere.python(f"FILE = {str(file_of(tmp_path / 'night.csv', ROWS))!r}\n" + READER)
    assert prepared.returncode == 0, prepared.stderr
    for stop in ("night totals worked", "night digest worked"):
        killed = anywhere.start("-c", SET_UP + work(stop))
        until(lambda stop=stop: anywhere.marks(stop), 30, f"the night stands at {stop}")
        kill(killed)
    ended = anywhere.python(work())
    assert ended.returncode == 0, ended.stderr
    states = dict(anywhere.query("SELECT step, state || attempt FROM kpi_nightstep"))
    assert states == dict.fromkeys(states, "done1") | {"totals": "done2", "digest": "done2"}
    assert anywhere.query("SELECT kind, state, attempt FROM kpi_sending") == [("digest", "sent", 1)]
    assert len(list((anywhere.folder / "mails").glob("*.eml"))) == 1
    assert anywhere.number("SELECT count(*) FROM kpi_interaction") == ROWS - ROWS // 1000
    invariants(anywhere)
