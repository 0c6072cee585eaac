"""Stores an organisation.json: looks up by code, creates what is absent, and leaves alone what somebody has edited since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from kpi.models import Annotation, Channel, DataSource, Intent, IntentPolicy, Membership, Queue, Site, Team
from kpi.models.policy import BEGINNING
from kpi.reference import load_decisions

Row = Mapping[str, Any]
NAMED = frozenset({"users", "targets", "initiatives", "actions"})  # what is, or is in the name of, a login


class Misfit(Exception):
    """The content does not fit; the message names the list, the row and what is wrong."""


def load(content: Mapping[str, Any], *, with_users: bool) -> dict[str, int]:
    """How many of each were created; all of it or nothing."""
    lists: dict[str, Callable[[Row], bool]] = {
        "sites": lambda row: _once(Site, {"code": row["code"]}, {"name": row["name"], "zone": row["zone"]}),
        "teams": lambda row: _once(Team, {"code": row["code"]}, {"name": row["name"], "site": _site(row["site"])}),
        "queues": lambda row: _once(Queue, {"code": row["code"]}, {"name": row["name"]}),
        "channels": lambda row: _once(Channel, {"code": row["code"]}, {"name": row["name"]}),
        "intents": _intent,
        "sources": _source,
        "baselines": lambda row: _signed("Baseline", row, ("version",), {"version": row.get("version", 1)}),
        "assumptions": lambda row: _signed("StaffingAssumption", row, ("valid_from",)),
        "costs": lambda row: _signed("Cost", row, ("kind", "valid_from")),
        "annotations": lambda row: _once(
            Annotation, {"day": row["day"], "text": row["text"], "site": _site(row.get("site"))}, {"kind": row.get("kind", "other")}
        ),
        "users": _user,
        "targets": load_decisions.target,
        "initiatives": load_decisions.initiative,
        "actions": load_decisions.action,
    }
    if not isinstance(content, Mapping):
        raise Misfit("an object with the lists sites, teams, queues ... is expected")
    with transaction.atomic():
        wanted = {name: store for name, store in lists.items() if name in content and (with_users or name not in NAMED)}
        return {name: sum(_row(name, number, row, store) for number, row in enumerate(content[name], 1)) for name, store in wanted.items()}


def _row(name: str, number: int, row: Row, store: Callable[[Row], bool]) -> bool:
    try:
        return store(row)
    except KeyError as error:
        raise Misfit(f"row {number} of {name} has no {error}.") from None
    except (TypeError, ValidationError) as error:
        raise Misfit(f"row {number} of {name}: {error}") from None


def _once(model: type[Model], identity: Row, rest: Row) -> bool:
    """True if it was created; one that exists keeps what somebody may have changed in it."""
    manager = model._default_manager
    if manager.filter(**{f"{key}__isnull" if value is None else key: True if value is None else value for key, value in identity.items()}):
        return False
    made = model(**identity, **rest)
    made.full_clean()
    made.save()
    return True


def _intent(row: Row) -> bool:
    """Its first policy holds from the beginning; of an intent that files brought before, from today on."""
    made = _once(Intent, {"code": row["code"]}, {key: row[key] for key in ("name", "group")})
    intent = Intent.objects.get(code=row["code"])
    if not intent.policies.exists():
        start = BEGINNING if made else timezone.localdate()
        _once(IntentPolicy, {"intent": intent, "valid_from": start}, {"policy": row["ai_policy"], "signed_by": row["policy_signed_by"]})
    return made


def _site(code: str | None) -> Site | None:
    return None if code is None else _found(Site, code=code)


def _found(model: type[Model], **lookup: str) -> Any:
    """The row of that name; TypeError where the file names one that is not there."""
    found = model._default_manager.filter(**lookup).first()
    if found is None:
        raise TypeError(f"there is no {model._meta.verbose_name} {' '.join(lookup.values())}")
    return found


def _source(row: Row) -> bool:
    contacts = row.get("contacts_from")
    rest = {key: row[key] for key in ("format", "zone", "date_order", "encoding", "delimiter") if key in row}
    links = {"site": _site(row.get("site")), "contacts_from": _found(DataSource, key=contacts) if contacts else None}
    return _once(DataSource, {"key": row["key"]}, {**rest, **links})


def _signed(model: str, row: Row, keys: tuple[str, ...], defaults: Row | None = None) -> bool:
    """A dated and signed row of the staffing app, which the frame knows only by name."""
    values = {**(defaults or {}), **row, "site": _site(row.get("site"))}
    identity = {key: values.pop(key) for key in ("site", *keys)}
    return _once(apps.get_model("staffing", model), identity, values)


def _user(row: Row) -> bool:
    users = get_user_model()
    if users._default_manager.filter(username=row["username"]).exists():
        return False
    administrator = row["role"] == Membership.Role.ADMINISTRATOR
    staff = administrator or row["role"] == Membership.Role.STEWARD  # stewards see the imports in the admin, and nothing else there
    rights = {"is_staff": staff, "is_superuser": administrator}
    user = users._default_manager.create_user(row["username"], row.get("email", ""), row["password"], **rights)
    membership = Membership(user=user, role=row["role"])
    membership.full_clean()
    membership.save()
    membership.teams.set([_found(Team, code=code) for code in row.get("teams", [])])
    return True
