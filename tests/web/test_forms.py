"""The address is read strictly: what is not understood is named and left out, never guessed and never an error page."""

from __future__ import annotations

from datetime import date

import pytest

from kpi.forms import UNKNOWN, PanelForm, comparison_of
from kpi.metric import Period
from kpi.models import Membership, Team
from kpi.periods import last_weeks, month
from kpi.result import Scope, Viewer

AS_OF = date(2026, 10, 7)  # a Wednesday: the week of 5 October is not over
ALL = Viewer(Membership.Role.EXECUTIVE)
pytestmark = pytest.mark.django_db


def asked(**data: str) -> PanelForm:
    return PanelForm(data, viewer=ALL, as_of=AS_OF)


def test_without_parameters_it_is_the_last_thirteen_complete_weeks_against_the_same_weeks_a_year_earlier() -> None:
    query = asked().query()
    assert query.period == Period(date(2026, 7, 6), date(2026, 10, 5))
    assert query.comparison == Period(date(2025, 7, 7), date(2025, 10, 6))
    assert query.comparison is not None
    assert query.period.start.weekday() == query.comparison.start.weekday() == 0


@pytest.mark.parametrize(("key", "weeks"), [("4w", 4), ("26w", 26), ("52w", 52)])
def test_other_presets_are_complete_weeks_too(key: str, weeks: int) -> None:
    assert asked(period=key).query().period == last_weeks(AS_OF, weeks)
    assert last_weeks(AS_OF, weeks).days == 7 * weeks


def test_a_calendar_month_may_be_chosen() -> None:
    assert asked(period="2026-09").query().period == Period(date(2026, 9, 1), date(2026, 10, 1))
    assert month(2025, 12) == Period(date(2025, 12, 1), date(2026, 1, 1))


def test_custom_dates_are_shown_inclusive_and_kept_half_open() -> None:
    form = asked(period="custom", **{"from": "2026-08-10", "to": "2026-08-16"})
    assert form.query().period == Period(date(2026, 8, 10), date(2026, 8, 17))
    assert form.address() == "?period=custom&compare=year&from=2026-08-10&to=2026-08-16"
    assert form.problems == []


def test_the_period_before_is_whole_weeks_away_so_that_weekdays_agree() -> None:
    september = month(2026, 9)
    before = comparison_of(september, "previous")
    assert before == Period(date(2026, 7, 28), date(2026, 8, 27))
    assert comparison_of(september, "none") is None


@pytest.mark.parametrize(
    "data",
    [
        {"period": "yesterday"},
        {"period": "2026-13"},
        {"period": "٢٠٢٦-٠٩"},
        {"period": "9999-12"},
        {"period": "custom"},
        {"period": "custom", "from": "2026-08-16", "to": "2026-08-10"},
        {"period": "custom", "from": "0001-01-01", "to": "9999-12-31"},
        {"period": "custom", "from": "01.08.2026", "to": "2026-08-10"},
        {"compare": "tomorrow"},
        {"team": "999"},
        {"team": "1 OR 1=1"},
        {"site": "\x00"},
        {"queue": "-1"},
        {"channel": "９"},
    ],
)
def test_what_is_not_understood_is_named_and_left_out(data: dict[str, str]) -> None:
    form = asked(**data)
    assert len(form.problems) == 1
    assert form.query().scope == Scope()
    assert form.query().period.days == 91
    assert not form.is_valid(), "the API refuses what the page leaves out"


def test_a_team_of_somebody_else_reads_like_one_that_does_not_exist(lark: Team, wren: Team) -> None:
    manager = Viewer(Membership.Role.MANAGER, frozenset({lark.pk}), frozenset({lark.site_id}))
    theirs = PanelForm({"team": str(wren.pk)}, viewer=manager, as_of=AS_OF)
    nobody = PanelForm({"team": "424242"}, viewer=manager, as_of=AS_OF)
    assert theirs.problems == nobody.problems == [f"{UNKNOWN['team']} The filter was left out."]
    assert "Wren" not in str(theirs)
    assert PanelForm({"team": str(lark.pk)}, viewer=manager, as_of=AS_OF).query().scope == Scope(teams=frozenset({lark.pk}))


def test_an_applied_filter_is_a_chip_that_can_be_lifted(lark: Team) -> None:
    [chip] = asked(team=str(lark.pk), period="4w").chips()
    assert (chip.label, chip.text, chip.without) == ("Team", "Lark · Harbour", "?period=4w&compare=year")
