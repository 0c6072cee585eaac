"""Lists behind figures: they hold the very contacts the figure counts, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from kpi import cases
from kpi.followed import FOLLOWED
from kpi.metric import Measure
from kpi.metrics._requests import REACHED
from kpi.metrics._shared import FALSELY_CONTAINED
from kpi.metrics.reopen_rate import REOPENED
from kpi.metrics.resolution_quality import RESOLVED_FIRST
from kpi.models import Interaction, Team
from kpi.result import Query, Scope, Viewer
from kpi.rights import NotAllowed
from kpi.subjects import interaction
from tests import factories
from tests.kpi.test_cases import MARCH, NOON

pytestmark = pytest.mark.django_db
ANALYST = Viewer("analyst")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def listed(key: str, page: int | None = None, viewer: Viewer = ANALYST, scope: Scope = Scope()) -> cases.CaseList:  # noqa: B008
    return cases.list_cases(viewer, Query(MARCH, scope), cases.KINDS[key], page)


def counted(measure: Measure, *, as_value: bool = True) -> list[str]:
    frame = interaction.read([NOON.date()])
    found = frame.filter((measure.value == as_value).fill_null(value=False))["id"].to_list()
    return sorted(Interaction.objects.filter(pk__in=found).values_list("external_id", flat=True))


def references(found: cases.CaseList) -> list[str]:
    return sorted(case.reference for case in found.cases)


def test_contained_in_name_only_is_what_the_figure_counts(lark: Team) -> None:
    """By whom, whether the customer came back, asked in vain, and what was said last about it."""
    answers = (None, [(HOUR, 0.0)], [(HOUR, 1.0)], [(HOUR, 1.0), (2 * HOUR, 0.0)], [(HOUR, 0.0), (2 * HOUR, 1.0)], [(8 * DAY, 0.0)])
    choices = product(("ai", "hybrid", "human"), (None, False, True), (False, True), answers)
    for number, (by, returned, asked, said) in enumerate(choices):
        contact = factories.InteractionFactory(
            team=lark, handled_by=by, returned=returned, started_at=NOON, ended_at=NOON + HOUR, external_id=f"c-{number}",
            human_requested_at=NOON if asked else None, day=NOON.date(),
        )  # fmt: skip
        for after, score in said or ():
            factories.CustomerAnswerFactory(
                interaction_ref=contact.external_id, question="resolved", scale="thumbs", score=score, answered_at=NOON + HOUR + after,
            )  # fmt: skip
    found = listed("name-only")
    assert references(found) == counted(FALSELY_CONTAINED)
    assert {case.why for case in found.cases} == {"came back again", "asked for a person in vain", "said it was not resolved"}


def test_asked_in_vain_is_what_the_figure_counts_as_not_reached(lark: Team) -> None:
    for asked, reached in product((None, NOON), (None, NOON - HOUR, NOON, NOON + DAY, NOON + DAY + HOUR)):
        factories.InteractionFactory(team=lark, human_requested_at=asked, human_reached_at=reached, started_at=NOON, day=NOON.date())
    assert references(listed("unreached")) == counted(REACHED, as_value=False)
    assert len(listed("unreached").cases) == 2


def test_opened_again_is_what_the_figure_counts(lark: Team) -> None:
    closings = product((None, NOON), (None, False, True), (None, NOON + 14 * DAY, NOON + 15 * DAY))
    for ended, abandoned, again in closings:
        factories.InteractionFactory(team=lark, started_at=NOON, ended_at=ended, abandoned=abandoned, reopened_at=again, day=NOON.date())
    assert references(listed("reopened")) == counted(REOPENED)
    assert len(listed("reopened").cases) == 2


def test_came_back_is_what_first_contact_resolution_leaves_out(lark: Team) -> None:
    for role, returned in product((None, 0, 1, 2, 3), (None, False, True)):
        factories.InteractionFactory(team=lark, role=role, returned=returned, started_at=NOON, day=NOON.date())
    assert references(listed("returned")) == counted(RESOLVED_FIRST, as_value=False)
    assert len(listed("returned").cases) == 1


def test_a_list_is_read_page_by_page_the_newest_first(lark: Team) -> None:
    for number in range(cases.SHOWN + 3):
        at = datetime(2026, 3, 10, 8, tzinfo=UTC) + timedelta(minutes=number)
        factories.InteractionFactory(team=lark, human_requested_at=at, started_at=at, external_id=f"n-{number:02}")
    first, second, beyond = (listed("unreached", page) for page in (1, 2, 99))
    assert (len(first.cases), first.count, first.pages, first.first, first.last) == (cases.SHOWN, cases.SHOWN + 3, 2, 1, cases.SHOWN)
    assert [case.reference for case in second.cases] == ["n-02", "n-01", "n-00"]
    assert beyond == second
    assert len(listed("unreached").cases) == cases.SHOWN + 3


@pytest.mark.parametrize("key", FOLLOWED)
def test_who_reads_totals_alone_gets_no_list(lark: Team, key: str) -> None:
    with pytest.raises(NotAllowed):
        listed(key, viewer=Viewer("executive"))
    assert listed(key).cases == ()
