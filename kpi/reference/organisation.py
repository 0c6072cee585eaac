"""What the administrators of the centre keep: sites, teams, policies, assumptions, annotations, sources and logins."""

from __future__ import annotations

from datetime import date, timedelta

from kpi.reference.centre import Centre
from kpi.reference.decisions import decisions
from kpi.reference.plan import CHANNELS, INTENTS, QUEUES, SITES, TEAMS
from kpi.reference.timeline import Timeline

PASSWORD = "counterweight-demo"  # noqa: S105 - printed by make demo; the site it opens holds generated records only
SIGNED_BY = "M. Okafor, operations"
Rows = list[dict[str, object]]


def organisation(centre: Centre) -> dict[str, object]:
    """Every list is in the order in which it can be stored."""
    timeline = centre.timeline
    return {
        "sites": [{"code": site.code, "name": site.name, "zone": site.zone} for site in SITES],
        "teams": [{"code": team.code, "name": team.name, "site": team.site} for team in TEAMS],
        "queues": [{"code": code, "name": name} for code, name in QUEUES.items()],
        "channels": [{"code": item.code, "name": item.name} for item in CHANNELS],
        "intents": intents(),
        "sources": sources(),
        "baselines": [baseline(timeline)],
        "assumptions": assumptions(timeline),
        "costs": costs(timeline),
        "annotations": marks(timeline),
        "users": users(),
        **decisions(timeline),
    }


def intents() -> Rows:
    kept = {"policy_signed_by": SIGNED_BY}
    return [{"code": item.code, "name": item.name, "group": item.group, "ai_policy": item.policy, **kept} for item in INTENTS]


def sources() -> Rows:
    plain = [
        ("telephony", "interactions_csv", None),
        ("surveys", "customer_answers_csv", "telephony"),
        ("invitations", "invitations_csv", "telephony"),
        ("quality", "quality_reviews_csv", "telephony"),
        ("pulse", "wellbeing_answers_csv", None),
        ("working_days", "agent_days_csv", None),
        ("staff", "employment_csv", None),
        ("reskilling", "reskilling_csv", None),
    ]
    home = SITES[0].code  # where a row without a team would belong; the centre leaves none without
    return [{"key": key, "format": form, "site": home, "date_order": "iso", "contacts_from": contacts} for key, form, contacts in plain]


def baseline(timeline: Timeline) -> dict[str, object]:
    story = timeline.story
    return {
        "go_live": iso(timeline.monday(story.go_live)),
        "first_day": iso(timeline.monday(story.go_live - story.baseline)),
        "weeks": story.baseline,
        **signed(timeline.monday(story.go_live)),
        "note": "Thirteen complete weeks before the roll-out.",
    }


def assumptions(timeline: Timeline) -> Rows:
    hours = timeline.story.paid_hours_per_week
    return [
        {"valid_from": iso(timeline.first), "paid_hours_per_week": hours, "occupancy": 0.84, "shrinkage": 0.30, **signed(timeline.first)}
    ]


def costs(timeline: Timeline) -> Rows:
    amounts = {"loaded_fte": 41_000, "salary": 29_500, "ai_run": 120_000, "one_off": 90_000, "reskilling": 38_000, "human_contact": "6.40"}
    start = timeline.monday(timeline.story.go_live)
    return [{"kind": kind, "valid_from": iso(start), "amount": str(amount), **signed(start)} for kind, amount in amounts.items()]


def marks(timeline: Timeline) -> Rows:
    story = timeline.story
    planned: list[tuple[int, str, str | None, str]] = [
        (story.go_live, "AI assistant goes live", None, "roll_out"),
        (story.go_live + story.ramp, "AI assistant at full share", None, "roll_out"),
        (40, "First redundancies in Lisbon", "lisbon", "staffing"),
        (44, "Cork: longer pauses, training on paid time", "cork", "staffing"),
        (story.gap, "Export failed: a week without data", None, "outage"),
        (50, "Lisbon queues overflow to Gdańsk", "gdansk", "other"),
        (60, "Third round of redundancies in Lisbon", "lisbon", "staffing"),
    ]
    return [{"day": iso(timeline.monday(week)), "text": text, "site": site, "kind": kind} for week, text, site, kind in planned]


def users() -> Rows:
    """One of each role; the managers answer for the teams of one site, or for a few of them."""
    cork = [team.code for team in TEAMS if team.site == "cork"]
    plain: list[tuple[str, str, list[str]]] = [
        ("executive", "executive", []),
        ("manager.cork", "manager", cork),
        ("manager.lark", "manager", ["lark", "robin"]),
        ("manager.wren", "manager", ["wren"]),
        ("analyst", "analyst", []),
        ("steward", "steward", []),
        ("council", "representative", []),
        ("admin", "administrator", []),
    ]
    found = [{"username": name, "password": PASSWORD, "role": role, "teams": teams} for name, role, teams in plain]
    return [{**row, "email": f"{row['username']}@example.org"} for row in found]  # nobody's: a demo writes its mails as files


def signed(day: date) -> dict[str, object]:
    return {"signed_by": SIGNED_BY, "signed_on": iso(day - timedelta(days=3))}


def iso(day: date) -> str:
    return day.isoformat()
