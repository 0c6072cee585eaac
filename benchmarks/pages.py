"""Bars 8, 9, 10 and 12: the overview over HTTP against gunicorn, uncached, rights and suppression on; sizes of scripts and JSON.

Every request asks for another period, so that no answer and no figure of the chosen period was worked out before. What a
process keeps of one version of the data (kpi/warm.py) is there after the first requests, as it is on any working day.

`python -m benchmarks.pages --contacts 1000000 5000000` with DATABASE_URL on PostgreSQL; one database is made for each size, and kept.
"""

import argparse
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit, urlunsplit

import brotli

ROOT = Path(__file__).resolve().parents[1]
WARM, ROUNDS, EACH, CLIENTS = 10, 3, 80, 8
QUESTIONS = {  # days of the period, filters
    "90 days, one site": (90, "&site={site}"),
    "a year, all sites": (365, ""),
    "90 days, team and channel": (90, "&team={team}&channel={channel}"),
}
PREPARE = """
import django; django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from kpi.models import Channel, Interaction, Site, Team
user = get_user_model().objects.get(username="executive")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
session.save()
last = Interaction.objects.filter(team__isnull=False).order_by("-day").first()
print(last.day, session.session_key, Site.objects.first().pk, last.team_id, last.channel_id, Interaction.objects.count())
"""
LOADED = """
import django; django.setup()
from kpi.models import DueDay, Interaction
from django.db.models import F
print(Interaction.objects.exists() and not DueDay.objects.filter(subject="interaction", due__gt=F("done")).exists())
"""


@dataclass(frozen=True)
class Site:
    """A running site of one size."""

    port: int
    cookie: str
    contacts: int
    last: date
    filters: dict[str, tuple[int, str]]

    def address(self, question: str, number: int) -> str:
        """The question about another period each time: one day earlier, and after a quarter one day shorter."""
        days, filters = self.filters[question]
        end = self.last - timedelta(days=number % 90)
        start = end - timedelta(days=days - 1 - number // 90)
        return f"/?period=custom&from={start}&to={end}{filters}"


def command(environment: dict[str, str], *words: str) -> str:
    return subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def load(contacts: int, folder: Path) -> dict[str, str]:
    """The environment of a database that holds the reference centre in that size."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(parts._replace(path=f"{parts.path}_{contacts}"))
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "benchmarks.uncached",
        "DATA_DIR": str(folder),
        "REDIS_URL": os.environ.get("REDIS_URL", ""),  # where processes have one, they share what they worked out
    }
    command(environment, "-m", "tests.servers", "--database")
    command(environment, "manage.py", "migrate", "--verbosity", "0")
    if command(environment, "-c", LOADED).split() == ["True"]:
        return environment
    code = f"import sys; from config import demo_centre as c; c.SIZE = '{contacts}'; import django; django.setup();"
    code += "from django.core.management import call_command; call_command('migrate', verbosity=0);"
    code += f"from pathlib import Path; c.load(Path({str(folder / 'reference')!r}), lambda text: print(text, file=sys.stderr))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    return environment


def started(environment: dict[str, str]) -> tuple["subprocess.Popen[bytes]", Site]:
    day, key, site, team, channel, contacts = command(environment, "-c", PREPARE).split()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = (
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "4",
    )
    server = subprocess.Popen([sys.executable, *words, "--no-control-socket", "--log-level", "warning"], cwd=ROOT, env=environment)
    filters = {name: (days, text.format(site=site, team=team, channel=channel)) for name, (days, text) in QUESTIONS.items()}
    running = Site(port, f"sessionid={key}", int(contacts), date.fromisoformat(day), filters)
    for _ in range(100):
        try:
            get(running, "/healthz")
        except OSError:
            time.sleep(0.2)
        else:
            return server, running
    raise RuntimeError("gunicorn did not start")


def get(site: Site, address: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request("GET", address, headers={"Cookie": site.cookie})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return body


def asked(site: Site, question: str, clients: int, numbers: Iterator[int]) -> tuple[float, float]:
    """Milliseconds over the answers of all clients: the 95th percentile, and the median."""
    times: list[float] = []

    def client() -> None:
        for _ in range(EACH // clients):
            address = site.address(question, next(numbers))
            begun = time.perf_counter()
            get(site, address)
            times.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    return times[int(len(times) * 0.95) - 1] * 1000, median(times) * 1000


def rounds(site: Site, question: str, clients: int, numbers: Iterator[int]) -> tuple[float, float]:
    """The medians of both over the rounds."""
    for _ in range(WARM):
        get(site, site.address(question, next(numbers)))
    found = [asked(site, question, clients, numbers) for _ in range(ROUNDS)]
    return median(p95 for p95, _ in found), median(middle for _, middle in found)


def compressed(data: bytes) -> int:
    """As browsers get it where static files were collected."""
    return len(brotli.compress(data, quality=11))


def sizes(site: Site) -> None:
    page = get(site, "/").decode()
    scripts = [get(site, address) for address in re.findall(r'<script[^>]+src="(/[^"]+)"', page)]
    deflated = sum(len(zlib.compress(script, 9)) for script in scripts)
    print(f"bar 12  scripts {sum(map(compressed, scripts)) / 1024:.0f} KiB as brotli, {deflated / 1024:.0f} as gzip (bar 420)")
    print(f"        page {len(page) / 1024:.0f} KiB before compression")
    print(f"        JSON of the panel {len(get(site, '/api/v1/panel')) / 1000:.1f} KB before compression (bar 60)")


def measure(contacts: int) -> dict[str, float]:
    """The median time of one client by question: the 95th percentile of eighty answers is one that crossed a Monday, or not."""
    with tempfile.TemporaryDirectory() as folder:
        server, site = started(load(contacts, Path(folder)))
        try:
            found = {}
            for name in QUESTIONS:
                numbers = count()  # one of its own for each question: no period is asked for twice
                p95, found[name] = rounds(site, name, 1, numbers)
                many, _ = rounds(site, name, CLIENTS, numbers)
                told = f"p95 {p95:6.1f} ms, {CLIENTS} clients {many:6.1f} ms; median of one client {found[name]:6.1f} ms"
                print(f"{site.contacts:>9,} contacts  {name:<28} {told}", flush=True)
            sizes(site)
            return found
        finally:
            server.terminate()
            server.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, nargs="+", default=[1_000_000, 5_000_000])
    found = [measure(contacts) for contacts in parser.parse_args().contacts]
    for name in QUESTIONS:
        if len(found) > 1:
            print(f"bar 10  {name}: largest : smallest = {found[-1][name] / found[0][name]:.2f} (bar 1.5)")


if __name__ == "__main__":
    main()
