"""The reference centre in the database: generated once, imported the ordinary way, never a second one on top of another."""

import hashlib
import io
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

SIZE, SEED = "demo", "7"
LONGEST_LEASE_S = 120
Say = Callable[[str], None]


class OtherCentre(Exception):
    """The database already holds records of somebody else."""


@dataclass(frozen=True)
class Delivery:
    """One file and the source that sends it."""

    path: Path
    source: str


def load(folder: Path, say: Say) -> None:
    """Every step may have been done, or begun, before."""
    say("2/4  Reference centre: three sites, eighteen months")
    make_files(folder)
    refuse_other_centre(folder)
    call_command("load_organisation", str(folder / "organisation.json"), "--with-users")
    files = deliveries(folder)
    say(f"3/4  Import of {len(files)} files")
    for number, file in enumerate(files, start=1):
        say(f"     {number} of {len(files)}: {file.path.name}")
        wait_for_interrupted(file, say)
        call_command("import_file", str(file.path), "--source", file.source, "--no-roll-up", verbosity=0)
    say("4/4  Daily totals")
    call_command("roll_up")


def begin_first_night() -> str:
    """Otherwise a newcomer would see no night, no alert and nothing published before half past two. The worker does it, behind the pages
    that are read meanwhile; it takes as long as the import. What is printed; empty where there was a night already."""
    if apps.get_model("kpi", "Night").objects.exclude(began_at=None).exists():
        return ""
    call_command("night", "--begin", stdout=io.StringIO())
    return "\nThe first night runs in the background for a minute or two (Data and imports, Nights): it publishes, and judges the alerts."


def wait_for_interrupted(file: Delivery, say: Say) -> None:
    """A demo that was killed left a lease behind; until it runs out nobody else may store this file."""
    runs = apps.get_model("kpi", "ImportRun").objects
    checksum = hashlib.sha256(file.path.read_bytes()).hexdigest()
    for waited in range(LONGEST_LEASE_S):
        if not runs.filter(checksum=checksum, state="running", lease_until__gt=timezone.now()).exists():
            return
        if not waited:
            say("     an interrupted import of this file still holds it; waiting a few seconds")
        time.sleep(1)


def make_files(folder: Path) -> None:
    """Whole or not at all: a folder of that name is complete."""
    if folder.exists():
        return
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    call_command("make_reference_centre", "--size", SIZE, "--seed", SEED, "--out", str(draft))
    draft.rename(folder)


def organisation(folder: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads((folder / "organisation.json").read_text(encoding="utf-8"))
    return found


def refuse_other_centre(folder: Path) -> None:
    """Records or sites are there, but not the first file of this very centre: the database is in use."""
    first = hashlib.sha256(deliveries(folder)[0].path.read_bytes()).hexdigest()
    runs = apps.get_model("kpi", "ImportRun").objects
    if runs.filter(checksum=first).exists():
        return
    own = {site["code"] for site in organisation(folder)["sites"]}
    if runs.exists() or apps.get_model("kpi", "Site").objects.exclude(code__in=own).exists():
        raise OtherCentre(
            "This database already holds another centre. The demo loads its own only into an empty database: "
            "name another with DATABASE_URL, or another folder with DATA_DIR."
        )


def deliveries(folder: Path) -> list[Delivery]:
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [Delivery(folder / item["file"], item["source"]) for item in listed]


def welcome(address: str, folder: Path, further: str = "") -> str:
    users = organisation(folder)["users"]
    width = max(len(user["username"]) for user in users)
    logins = [f"  {user['username']:<{width}}  {user['password']}  ({user['role']})" for user in users]
    return "\n".join(
        ["", f"Counterweight is running: {address}", "", "Logins:", *logins, *([further] if further else []), "", "Ctrl-C stops."]
    )
