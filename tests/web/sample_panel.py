"""A panel as the pages may meet it: carried forward, provisional, a gap, a team too small, one without any data."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from kpi.metric import Family, Period, Status
from kpi.result import (
    Change,
    Column,
    Freshness,
    Growth,
    Note,
    Panel,
    Query,
    Result,
    Step,
    TeamRow,
    TrendPoint,
    Verdict,
    WeekVolume,
)

AS_OF = date(2026, 10, 5)
PERIOD = Period(date(2026, 7, 6), AS_OF)
TURN = date(2026, 6, 8)
LABELS = {
    Family.CUSTOMER: ("csat", "Customer satisfaction", "%", "answers"),
    Family.WELLBEING: ("agent_wellbeing_index", "Agent wellbeing index", "/ 100", "respondents"),
    Family.RESOLUTION: ("resolution_quality", "Resolution quality", "/ 100", "issues"),
    Family.SAVINGS: ("fte_reduction", "FTE reduction", "FTE", "contacts"),
}
NO_CLEAR_CHANGE = Change(value=-0.5, text="−0.5 pt", words="no clear change")


def result(family: Family, value: float, half: float, n: int, *, status: Status = Status.OK, period: Period = PERIOD) -> Result:
    """One number with its words, value in display units."""
    metric, label, unit, sample = LABELS[family]
    size = 100 if unit == "%" else 1
    digits = 0 if unit == "/ 100" else 1
    return Result(
        metric=metric,
        label=label,
        family=family,
        status=status,
        value=value / size,
        low=(value - half) / size,
        high=(value + half) / size,
        n=n,
        scope="all sites",
        period_start=period.start,
        period_end=period.end,
        data_as_of=AS_OF,
        definition_version=1,
        ci_method="wilson",
        text=f"{value:.{digits}f}",
        unit_text=unit,
        interval_text=f"{value - half:.1f} to {value + half:.1f}",
        margin_text=f"±{half:.1f}",
        sample_text=f"{n:,} {sample}".replace(",", "\u202f"),
    )


def hidden(family: Family, status: Status, why: str, unlock: str, *, period: Period = PERIOD) -> Result:
    """A number that is not shown."""
    shown = result(family, 0, 0, 0, period=period)
    return replace(
        shown, status=status, value=None, low=None, high=None, n=None, text="–", interval_text="", margin_text="", sample_text="",
        reasons=("awi:suppressed",) if why == WITHHELD else (why,), why=(why,), unlock=unlock,
    )  # fmt: skip


WITHHELD = "agent wellbeing is protected: groups of 10 and more"
UNLOCK = "Six more people of this team answering the next pulse, or a reporting group joined before it opens."


def _columns() -> tuple[Column, Column, Column, Column]:
    carried = replace(
        result(Family.WELLBEING, 58, 2.3, 212, status=Status.CARRIED_FORWARD),
        age_days=33,
        why=("the last survey closed on 2 Sep 2026, 33 days before the end of the period",),
    )
    young = replace(
        result(Family.CUSTOMER, 81.4, 1.1, 4812, status=Status.PROVISIONAL), why=("answers about the last days can still arrive",)
    )
    return (
        Column(young, NO_CLEAR_CHANGE, ("14.2 % of invitations answered", "mean 79.8 of 100")),
        Column(carried, Change(-6, -9, -3, True, "worse", "▼ 6", "worse, beyond noise"), ("felt 56", "conditions 61", "74 % answered")),
        Column(
            result(Family.RESOLUTION, 72, 0.4, 61234),
            Change(-3, -4, -2, True, "worse", "▼ 3", "worse, beyond noise"),
            ("FCR 69.1 %", "false containment 11.3 %"),
        ),
        Column(
            result(Family.SAVINGS, 9.6, 0.7, 128_400),
            Change(0.093, direction="less", text="9.3 %", words="less work than at base practice"),
            ("baseline 13 weeks to 28 Sep 2025", "needed 103.2 at base practice, 93.6 now"),
        ),
    )


def _point(index: int, start: date) -> TrendPoint:
    """One stretch of four weeks, without texts, as the panel gives them."""
    period = Period(start, start + timedelta(days=28))
    if index == 12:
        gone = tuple(hidden(family, Status.INSUFFICIENT, "7 days without data", "", period=period) for family in Family)
        return TrendPoint(period, gone)  # type: ignore[arg-type]
    wave = Status.OK if index % 3 == 0 else Status.CARRIED_FORWARD
    last = Status.PROVISIONAL if index >= 19 else Status.OK
    saved = result(Family.SAVINGS, max(0.2, 10 * (index - 7) / 13), 0.8, 36000, period=period)
    if index < 8:
        saved = hidden(Family.SAVINGS, Status.NOT_APPLICABLE, "the period lies before the AI went live", "", period=period)
    four = (
        result(Family.CUSTOMER, 82 + math.sin(index * 1.7) - 0.01 * index, 1.2, 1470, status=last, period=period),
        result(Family.WELLBEING, 64 - 6 * max(0, index - 10) / 9, 2.3, 212, status=wave, period=period),
        result(Family.RESOLUTION, 75 - 0.15 * index + 0.4 * math.sin(index), 0.6, 18700, status=last, period=period),
        saved,
    )
    bare = {"text": "", "unit_text": "", "interval_text": "", "margin_text": "", "sample_text": ""}
    return TrendPoint(period, tuple(replace(item, **bare) for item in four))  # type: ignore[arg-type]


def _trend() -> tuple[TrendPoint, ...]:
    first = PERIOD.end - timedelta(days=28 * 20)
    return tuple(_point(index, first + timedelta(days=28 * index)) for index in range(20))


def _growth() -> Growth:
    first = PERIOD.end - timedelta(weeks=78)
    weeks = []
    for week in range(78):
        start = first + timedelta(weeks=week)
        height = 8200 + 70 * min(week, 61) + 260 * math.sin(week * 1.7)
        weeks.append(WeekVolume(start, None if week == 52 else round(height)))
    text = (
        "Weekly contacts stopped growing in the week of 8 Jun 2026 (between 25 May and 22 Jun); "
        "now: no clear direction (−1.0 to +1.4\u202f% a quarter, 90 % interval)."
    )
    return Growth("plateau", 0.002, -0.01, 0.014, TURN, TURN, tuple(weeks), text, 26, TURN - timedelta(14), TURN + timedelta(14))


def _team(team: int, label: str, site: str, numbers: tuple[float, float, float, float]) -> TeamRow:
    csat, awi, quality, saved = numbers
    return TeamRow(
        team,
        label,
        site,
        (
            Column(result(Family.CUSTOMER, csat, 3.1, 640), NO_CLEAR_CHANGE),
            Column(result(Family.WELLBEING, awi, 5.2, 14), Change(-11, -17, -5, True, "worse", "▼ 11", "worse, beyond noise")),
            Column(result(Family.RESOLUTION, quality, 1.4, 5210), Change(2, 1, 3, True, "better", "▲ 2", "better, beyond noise")),
            Column(
                result(Family.SAVINGS, saved, 0.6, 7400),
                Change(0.14, direction="less", text="14.0 %", words="less work than at base practice"),
            ),
        ),
    )


def _small_team() -> TeamRow:
    row = _team(90, "Wren", "Cork", (80.7, 0, 74, 0))
    few = hidden(Family.WELLBEING, Status.SUPPRESSED, "too few people to show without pointing at them: groups of 10 and more", UNLOCK)
    held = hidden(Family.SAVINGS, Status.WITHHELD, WITHHELD, UNLOCK)
    none = Change(direction="unknown", words="cannot be compared")
    return replace(row, columns=(row.columns[0], Column(few, none), row.columns[2], Column(held, none)))


def _teams() -> tuple[TeamRow, ...]:
    sites = ("Lisbon", "Gdańsk", "Cork")
    names = ("Billing", "Orders", "Technical support", "Retention", "Lark", "Heron")
    rows = [
        _team(3 * index + place, f"{name}", site, (83 - index, 51 + 2 * index + place, 70 + index, 3.9 - 0.5 * index - 0.2 * place))
        for index, name in enumerate(names)
        for place, site in enumerate(sites)
    ]
    return (*rows, _small_team())


STEPS = (
    Step("base", "Base practice, Sep 2025", 103.2, True, "103.2"),
    Step("volume", "Volume", 4.1, False, "+4.1"),
    Step("containment", "AI resolution", -10.5, False, "−10.5"),
    Step("aht", "Handling time", -3.2, False, "−3.2"),
    Step("occupancy", "Occupancy", -0.9, False, "−0.9"),
    Step("shrinkage", "Shrinkage", 0.9, False, "+0.9"),
    Step("now", "Now", 93.6, True, "93.6"),
)


def sample_panel(query: Query | None = None) -> Panel:
    """The whole page, of one centre of three sites."""
    return Panel(
        query=query or Query(PERIOD),
        title="All sites",
        period_text="6 Jul – 4 Oct 2026",
        comparison_text="7 Jul – 5 Oct 2025",
        verdict=Verdict(
            "A saving with a cost.",
            (
                ("9.6 FTE less work than at base practice, most of it from AI resolution.", False),
                ("Customer satisfaction shows no clear change;", False),
                ("wellbeing fell 6 points", True),
                ("and resolution quality 3.", False),
                ("Volume stopped growing in the week of 8 Jun 2026 (between 25 May and 22 Jun),", True),
                ("so further efficiency now removes posts instead of easing load.", False),
            ),
        ),
        columns=_columns(),
        trend=_trend(),
        teams=_teams(),
        steps=STEPS,
        steps_text="Required FTE went from 103.2 to 93.6: volume +4.1, AI resolution −10.5, handling time −3.2.",
        growth=_growth(),
        annotations=(
            Note(date(2025, 11, 10), "AI roll-out"),
            Note(date(2025, 12, 1), "New assist prompts"),
            Note(date(2026, 8, 3), "Rota change"),
        ),
        freshness=Freshness(
            date(2026, 10, 4),
            datetime(2026, 10, 5, 2, 14, tzinfo=UTC),
            0.996,
            "Data to 4 Oct 2026 · loaded 5 Oct 02:14 · 99.6 % of rows accepted",
            ("No contacts were loaded for 1 June to 7 June 2026: that week is left out.",),
        ),
        policy_text="Wellbeing is shown for groups of 10 and more.",
    )


def withheld_panel(query: Query | None = None) -> Panel:
    """The saving is withheld for the whole scope: nothing on the page may give it away."""
    panel = sample_panel(query)
    few = hidden(Family.WELLBEING, Status.SUPPRESSED, "too few people to show without pointing at them: groups of 10 and more", UNLOCK)
    held = hidden(Family.SAVINGS, Status.WITHHELD, WITHHELD, UNLOCK)
    none = Change(direction="unknown", words="cannot be compared")
    columns = (panel.columns[0], Column(few, none), panel.columns[2], Column(held, none))
    trend = tuple(
        replace(
            point,
            results=(
                point.results[0],
                replace(few, period_start=point.period.start),
                point.results[2],
                replace(held, period_start=point.period.start),
            ),
        )
        for point in panel.trend
    )
    verdict = Verdict("Nothing can be said about the saving.", ((WITHHELD, True),))
    return replace(panel, title="Wren", columns=columns, trend=trend, verdict=verdict, steps=(), steps_text="", teams=())


def silent_panel(query: Query | None = None) -> Panel:
    """Filters that leave no data."""
    panel = sample_panel(query)
    none = Change(direction="unknown", words="")
    columns = tuple(Column(hidden(family, Status.NO_DATA, "No data in this period.", ""), none) for family in Family)
    growth = Growth("insufficient", None, None, None, None, None, (), "Fewer than 12 complete weeks.", 0)
    return replace(
        panel, verdict=Verdict("Nothing to show here.", ()), columns=columns, trend=(), teams=(), steps=(), steps_text="", growth=growth
    )  # type: ignore[arg-type]
