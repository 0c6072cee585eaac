"""No network at all, not even a name server: a file is imported, counted and shown all the same."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fault.processes import SET_UP, Centre, file_of, unavailable
from tests.fault.zygote import ROOT

pytestmark = pytest.mark.fault
WORK = (
    SET_UP
    + """
import socket, sys
from django.core.management import call_command
from django.test import Client
try:
    socket.create_connection(("127.0.0.1", 9), timeout=2)
except OSError as error:
    print("network:", error.strerror)
call_command("import_file", sys.argv[1], "--source", "interactions_csv")
call_command("roll_up", verbosity=0)
call_command("check_data")
print("log-in:", Client().get("/login/").status_code)
"""
)


def test_without_any_network_a_file_is_imported_counted_and_checked(embedded: Centre, tmp_path: Path) -> None:
    apart = [shutil.which("unshare") or "unshare", "--net", "--map-root-user"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        unavailable("unshare cannot make a space without a network here")
    words = [*apart, sys.executable, "-c", WORK, str(file_of(tmp_path / "night.csv", 2000))]
    told = subprocess.run(words, cwd=ROOT, env=embedded.environment, capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stderr
    assert "network: Network is unreachable" in told.stdout
    assert "log-in: 200" in told.stdout
    assert embedded.number("SELECT count(*) FROM kpi_interaction") == 1998
