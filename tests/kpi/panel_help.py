"""A centre for the tests of the panel: two sites, five teams, two surveys; wellbeing is real, the other three are planted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from kpi import registry
from kpi.metric import Period
from kpi.models import Cell, Site, Team
from kpi.panel import build_panel
from kpi.result import Column, Panel, Query, Result, Scope, Viewer
from kpi.serializers import render_panel
from tests import factories
from tests.kpi.rollup_help import Figures, contacts, loaded, store
from tests.web.planted import companion, saving

PERIOD = Period(date(2026, 3, 2), date(2026, 3, 30))
YEAR_AGO = Period(date(2025, 3, 3), date(2025, 3, 31))
WAVE, EARLIER = date(2026, 3, 20), date(2025, 3, 20)
FIRST = date(2025, 3, 3)  # a year before the period, so that the two can be compared
EXECUTIVE = Viewer("executive")
PEOPLE = {"Wren": 4, "Lark": 12, "Heron": 15, "Owl": 20, "Kite": 18}
SECRETS = ("7001", "7\u202f001", "6498", "7510", "9836", "2835", "71.2")  # the saving, its limits, its parts, its percent


@dataclass(frozen=True)
class Centre:
    """Teams and queues by name."""

    sites: Mapping[str, Site]
    teams: Mapping[str, Team]
    queues: Mapping[str, int]
    channel: int


def centre(people: Mapping[str, int] = PEOPLE) -> Centre:
    sites = {name: factories.SiteFactory(code=name.lower(), name=name) for name in ("Harbour", "North")}
    home = {"Owl": "North", "Kite": "North"}
    teams = {name: factories.TeamFactory(name=f"{name} team", site=sites[home.get(name, "Harbour")]) for name in people}
    for wave, who5 in ((EARLIER, 70.0), (WAVE, 50.0)):
        for name, team in teams.items():
            answers("team", team.pk, wave, people[name], who5)
        for site in sites.values():
            if here := sum(people[name] for name, team in teams.items() if team.site == site):
                answers("site", site.pk, wave, here, who5)
        answers("all", 0, wave, sum(people.values()), who5)
    factories.InteractionFactory(team=teams["Heron"], day=PERIOD.end - timedelta(1))
    loaded(FIRST, PERIOD.end)
    channel = factories.ChannelFactory()
    queues = {}
    for name in ("small", "pair", "wide"):
        queue = factories.QueueFactory(code=name, name=f"Queue {name}")
        queues[name] = queue.pk
        for team in teams.keys() & {"small": ["Wren"], "pair": ["Lark", "Heron"], "wide": ["Heron", "Owl"]}[name]:
            cell = Cell.objects.create(site=teams[team].site_id, team=teams[team].pk, queue=queue.pk, channel=channel.pk)
            contacts("cell", cell.pk, PERIOD.start, 100, grain="w")
    return Centre(sites, teams, queues, channel.pk)


def answers(dimension: str, member: int, wave: date, count: int, who5: float) -> None:
    """All answered alike: three instruments, so that the index has 70 % of its weight."""
    means = {"who5": who5, "cbi_work": 40.0, "hse": 3.4}
    figures: dict[str, Figures] = {key: (count, count * mean, count * mean**2) for key, mean in means.items()}
    store("pulse", dimension, member, wave, **figures, respondents=(count, count))


@contextmanager
def planted_beside_wellbeing() -> Iterator[None]:
    """Customer satisfaction, resolution and the saving are the same for every unit and period."""
    fixed = {"csat": companion("csat", 0), "resolution_quality": companion("resolution_quality", 0), "fte_reduction": saving(0)}
    made = dict(registry.metrics())
    for key, estimate in fixed.items():
        made[key] = replace(
            made[key], windows=lambda frame: {}, estimate=lambda evidence, found=estimate: found, per_site=False, context=None, alike=None
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "metrics", lambda: made)
        yield


def row(panel: Panel, name: str) -> tuple[Column, ...]:
    """The four columns of a team."""
    [found] = [item.columns for item in panel.teams if item.label.startswith(name)]
    return found


def is_empty(result: Result) -> bool:
    """Nothing of the number is left, in figures or in words."""
    figures = (result.value, result.low, result.high, result.n, result.age_days, result.basis)
    texts = (result.unit_text, result.interval_text, result.margin_text, result.sample_text)
    return figures == (None,) * 6 and not result.parts and not result.extra and texts == ("",) * 4


def ask(scope: Scope = Scope(), viewer: Viewer = EXECUTIVE) -> Panel:  # noqa: B008
    return build_panel(viewer, Query(PERIOD, scope, YEAR_AGO, "year"))


def of(here: Centre, *names: str) -> Scope:
    return Scope(teams=frozenset(here.teams[name].pk for name in names))


def manager(here: Centre, *names: str) -> Viewer:
    teams = [here.teams[name] for name in names]
    return Viewer("manager", frozenset(team.pk for team in teams), frozenset(team.site_id for team in teams))


def everything_said(found: Panel) -> str:
    """The panel as any surface may print it, and as Python would."""
    return json.dumps(render_panel(found), cls=DjangoJSONEncoder, ensure_ascii=False) + repr(found)
