"""The demo's open wave: a few codes, new ones at every start, so that a newcomer can answer the pulse.

Nothing of the reference centre changes: answers come in when the wave closes, six weeks after it was opened.
"""

import io

from django.core.management import CommandError, call_command

TEAMS = ("lark=12", "dunlin=20")
DAYS, SHOWN = 42, 2


def invitation(address: str) -> str:
    """What is printed beside the logins; empty where no wave can be opened, for whoever began one of their own."""
    told = io.StringIO()
    teams = [word for team in TEAMS for word in ("--team", team)]
    try:
        call_command("open_pulse", *teams, "--days", str(DAYS), "--address", address, "--print", str(SHOWN), stdout=told)
    except CommandError:
        return ""
    links = [line for line in told.getvalue().splitlines() if "#" in line]
    lines = [f"  {page} with the code {code}" for page, _, code in (link.partition("#") for link in links)]
    return "\n".join(["", "Pulse, the built-in survey; each code is good for one answer:", *lines])
