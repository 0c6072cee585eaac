"""Whether growth still absorbs the gain, week by week; a week with a gap is unknown and never zero (metrics.md E7)."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from django.utils import translation

from kpi import registry
from kpi.growth import growth_of, phases
from kpi.result import Growth, WeekVolume
from kpi.scopes import Part, Unit
from kpi.totals import Members
from tests.kpi.rollup_help import contacts, loaded

MONDAY = date(2024, 1, 1)
SITE = 7
HERE = Members("site", (SITE,))
FLAT = "no clear direction (0.0 to 0.0\u202f% a quarter, 90 % interval)"


def season(weeks: int) -> str:
    return f" The season of the year is not taken out: it takes 104 weeks, {weeks} are known."


UNIT = Unit(HERE, HERE, (Part(SITE, HERE, HERE),), frozenset())


def found(counts: Sequence[int | None], *, gaps: frozenset[date] = frozenset(), extra_days: int = 0) -> Growth:
    for i, count in enumerate(counts):
        if count is not None:
            contacts("site", SITE, MONDAY + timedelta(weeks=i), count, grain="w")
    end = MONDAY + timedelta(weeks=len(counts), days=extra_days)
    loaded(MONDAY, end)
    return growth_of(UNIT, as_of=end, known_gaps={SITE: gaps})


@pytest.mark.django_db
def test_before_the_first_import_there_is_nothing_to_say() -> None:
    made = growth_of(UNIT, as_of=MONDAY, known_gaps={})
    assert (made.phase, made.weeks, made.text) == ("insufficient", (), "No complete week of contacts yet.")


@pytest.mark.django_db
def test_a_week_that_is_not_over_does_not_count() -> None:
    assert found([], extra_days=6).weeks == ()
    assert len(found([], extra_days=0).weeks) == 0


@pytest.mark.django_db
def test_below_twelve_weeks_no_phase_is_named() -> None:
    made = found([1000] * 11, extra_days=3)
    assert (made.phase, len(made.weeks), made.text) == ("insufficient", 11, "At least twelve complete weeks are needed to tell.")


@pytest.mark.django_db
def test_a_steady_rise_is_growth() -> None:
    made = found([1000 + 20 * i for i in range(30)])
    assert (made.phase, made.turn, made.n) == ("growth", None, 26)
    assert made.per_quarter == pytest.approx(13 * 20 / 1330)  # the median of 1080 to 1580
    assert made.text == "Weekly contacts: growing by 19.5\u202f% a quarter (+19.5 to +19.5\u202f%, 90 % interval)." + season(30)
    assert phases(made) == ()


@pytest.mark.django_db
def test_the_limits_of_growth_are_told_in_the_reader_s_language() -> None:
    with translation.override("de"):
        assert "(+19,5 bis +19,5\u202f%, 90-%-Intervall)" in found([1000 + 20 * i for i in range(30)]).text


@pytest.mark.django_db
def test_weeks_that_never_change_are_flat() -> None:
    made = found([1000] * 30)
    assert (made.phase, made.turn, made.text) == ("plateau", None, f"Weekly contacts: {FLAT}." + season(30))


@pytest.mark.django_db
def test_a_steady_fall_is_decline() -> None:
    made = found([2000 - 20 * i for i in range(30)])
    assert (made.phase, made.turn) == ("decline", None)
    assert made.text == "Weekly contacts: falling by 15.6\u202f% a quarter (−15.6 to −15.6\u202f%, 90 % interval)." + season(30)


@pytest.mark.django_db
def test_the_week_of_the_turn_is_found_and_shaded() -> None:
    turn = MONDAY + timedelta(weeks=40)
    made = found([round(1000 * 1.02 ** min(i, 40)) for i in range(75)])
    assert (made.phase, made.turn, made.since) == ("plateau", turn, turn)
    assert (made.turn_low, made.turn_high) == (turn - timedelta(7), turn + timedelta(7))
    assert made.text == f"Weekly contacts stopped growing in the week of 7 Oct 2024 (between 30 Sep and 14 Oct); now: {FLAT}." + season(75)
    assert phases(made) == ((MONDAY, turn, "growth"), (turn, MONDAY + timedelta(weeks=75), "plateau"))


@pytest.mark.django_db
def test_up_and_down_has_no_direction() -> None:
    made = found([1000 + 7919 * i % 1000 for i in range(30)])
    assert (made.phase, made.text) == (
        "undetermined",
        "Weekly contacts: no clear direction (−15.7 to +12.1\u202f% a quarter, 90 % interval)." + season(30),
    )


@pytest.mark.django_db
def test_no_direction_is_named_where_the_interval_holds_zero() -> None:
    noise = np.random.default_rng(3).normal(0, 0.05, 40)
    made = found([round(1000 * 1.0005**i * float(np.exp(noise[i]))) for i in range(40)])
    assert made.low is not None
    assert made.high is not None
    assert made.low < 0 < made.high
    assert made.text.startswith("Weekly contacts: no clear direction (−")
    assert "grow" not in made.text


@pytest.mark.django_db
def test_a_week_with_a_gap_is_unknown_and_one_without_contacts_is_zero_only_where_it_is_known() -> None:
    made = found([1000] * 20, gaps=frozenset({MONDAY + timedelta(weeks=3, days=2)}))
    assert made.weeks[3] == WeekVolume(MONDAY + timedelta(weeks=3), None)
    assert [week.contacts for week in made.weeks if week.start != made.weeks[3].start] == [1000] * 19
    assert (made.phase, made.n) == ("plateau", 19)


@pytest.mark.django_db
def test_two_years_and_a_quarter_of_weeks_are_looked_at() -> None:
    made = found([1000] * 123)
    assert (len(made.weeks), made.weeks[0].start) == (117, MONDAY + timedelta(weeks=6))
    assert made.text.endswith("The season of the year is taken out (STL over 117 weeks).")


@pytest.mark.django_db
def test_where_nothing_counts_contacts_nothing_is_said() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "measures", dict)
        assert growth_of(UNIT, as_of=MONDAY, known_gaps={}).phase == "insufficient"
