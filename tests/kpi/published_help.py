"""A centre whose last weeks are complete and mature, and whose figures a test may change, as a corrected file would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi import ledger, publishing, registry
from kpi.balance import by_family
from kpi.metric import Estimate, Period
from kpi.models import Publication, PublishedValue
from kpi.panel import build_panel
from kpi.result import Panel, Query, Scope, Viewer
from tests import factories
from tests.kpi.panel_help import EXECUTIVE, PERIOD, Centre, centre, planted_beside_wellbeing
from tests.kpi.rollup_help import loaded
from tests.web.planted import companion

AS_OF = date(2026, 4, 20)  # a Monday: the weeks up to 6 April are mature
END = date(2026, 4, 6)
FOUR, THIRTEEN = Period(END - timedelta(weeks=4), END), Period(END - timedelta(weeks=13), END)
CORRECTED = date(2026, 3, 18)


@contextmanager
def mature_centre() -> Iterator[Centre]:
    """The two sites and five teams of the panel's tests, three weeks later; a backcast of one week."""
    here = centre()
    later(here, AS_OF)
    loaded(PERIOD.end, AS_OF)
    with planted_beside_wellbeing(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "BACKCAST", AS_OF - END)
        yield here


def later(here: Centre, as_of: date) -> None:
    """Data up to the day before."""
    factories.InteractionFactory(team=here.teams["Heron"], day=as_of - timedelta(1))


def figure(key: str, value: float, half: float = 0.01, version: int = 1) -> None:
    """The metric gives this from now on, for every unit and period."""
    made = replace(companion(key, 0), value=value, low=value - half, high=value + half)
    gives(key, made, version)


def gives(key: str, estimate: Estimate, version: int = 1) -> None:
    found = registry.metrics()
    found[key] = replace(found[key], estimate=lambda _evidence: estimate, version=version)
    by_family.forget()  # the very dictionary it was made from has changed


def corrected(*days: date) -> None:
    """These days were loaded and rolled up anew."""
    ledger.mark_due("interaction", days or (CORRECTED,))
    ledger.all_done("interaction", ledger.versions("interaction", days or (CORRECTED,)))


def kept(metric: str = "csat", dimension: str = "all", member: int = 0, period: Period = FOUR) -> list[PublishedValue]:
    """All revisions of one figure, the first one first."""
    rows = PublishedValue.objects.filter(
        metric=metric, publication__dimension=dimension, publication__member=member, publication__start=period.start
    )
    return list(rows.select_related("publication", "was").order_by("publication__revision"))


def asked(scope: Scope = Scope(), viewer: Viewer = EXECUTIVE, *, period: Period = FOUR, than: Period | None = None) -> Panel:  # noqa: B008
    return build_panel(viewer, Query(period, scope, than))


def count() -> tuple[int, int]:
    return Publication.objects.count(), PublishedValue.objects.count()
