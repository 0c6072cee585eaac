"""Stores the targets, initiatives and actions of an organisation.json, in the names of its users; a second time changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.auth import get_user_model

from kpi import registry
from kpi.metric import Family
from kpi.models import Action, Initiative, Limits, Site, Target, Team
from kpi.plans.limits import problems

Row = Mapping[str, Any]


def target(row: Row) -> bool:
    """One version, entered on the day the file says."""
    known = {"metric": row["metric"], **_place(row), "valid_from": row["valid_from"]}
    if Target.objects.filter(**known).exists():
        return False
    metric = registry.metrics().get(row["metric"])
    if metric is None or metric.family is Family.SAVINGS:
        raise TypeError(f"{row['metric']} is no metric that has a target here")
    rest = {"floor": row.get("floor"), "ceiling": row.get("ceiling"), "reason": row["reason"], "entered_at": _noon(row["entered_on"])}
    made = Target(**known, **rest, owner=_user(row["owner"]), signed_by=_user(row["signed_by"]))
    made.full_clean()
    made.save()
    return True


def initiative(row: Row) -> bool:
    """With its limits, frozen on the day the file says; TypeError where that is no day before the after-window."""
    known = {"title": row["title"], **_place(row), "starts_on": row["starts_on"]}
    if Initiative.objects.filter(**known).exists():
        return False
    who, frozen = _user(row["entered_by"]), date.fromisoformat(row["frozen_on"])
    margins = {name: row[name] for name in ("csat", "awi", "rq")}
    start, after = date.fromisoformat(row["starts_on"]), date.fromisoformat(row["after_start"])
    if found := problems(start, after, row["weeks"], frozen, margins):
        raise TypeError("; ".join(map(str, found.values())))
    made = Initiative(**known, what=row["what"], entered_by=who, entered_at=_noon(row["frozen_on"]))
    made.full_clean()
    made.save()
    limits = {"after_start": after, "weeks": row["weeks"], "frozen_on": frozen, "frozen_at": _noon(row["frozen_on"])}
    Limits.objects.create(initiative=made, frozen_by=who, **limits, **margins)
    return True


def action(row: Row) -> bool:
    known = {"what": row["what"], **_place(row), "starts_on": row["starts_on"]}
    if Action.objects.filter(**known).exists():
        return False
    rest = {name: row[name] for name in ("metric", "due", "state", "done_on", "drop_reason")}
    made = Action(**known, **rest, owner=_user(row["owner"]))
    made.full_clean()
    made.save()
    return True


def _place(row: Row) -> dict[str, Any]:
    site, team = row.get("site"), row.get("team")
    return {"site": Site.objects.get(code=site) if site else None, "team": Team.objects.get(code=team) if team else None}


def _user(name: str) -> Any:
    found = get_user_model()._default_manager.filter(username=name).first()
    if found is None:
        raise TypeError(f"there is no user {name}")
    return found


def _noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), UTC)
