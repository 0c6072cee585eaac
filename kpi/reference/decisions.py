"""What the people of the centre aim at, changed and did: a few targets, initiatives with limits frozen in time, and actions.

Written as the day would have seen it: every row is entered before the days it speaks of, so that a verdict is one. No figure of a saving
is among them; its size follows from the size of the centre.
"""

from __future__ import annotations

from datetime import timedelta

from kpi.reference.timeline import Timeline

Rows = list[dict[str, object]]
LIMITS = {"csat": 0.02, "awi": 3.0, "rq": 3.0}
OF_A_SITE = 0.04  # less than that the answers of eight weeks at one site of the demo cannot tell: whoever wants a verdict plans for it


def decisions(timeline: Timeline) -> dict[str, Rows]:
    """Lists of organisation.json that need its users."""
    return {"targets": targets(timeline), "initiatives": initiatives(timeline), "actions": actions(timeline)}


def targets(timeline: Timeline) -> Rows:
    """(metric, site, team, floor, week from which on it holds, owner, reason)."""
    planned: list[tuple[str, str | None, str | None, float, int, str, str]] = [
        ("csat", None, None, 0.78, 26, "executive", "The roll-out must not be paid for by customers."),
        ("agent_wellbeing_index", None, None, 60.0, 26, "executive", "As people were before the roll-out, less what a survey may err."),
        ("reach_rate", None, None, 0.95, 26, "executive", "Whoever asks for a person reaches one."),
        ("agent_wellbeing_index", None, "crane", 55.0, 52, "executive", "Agreed with the works council for the teams of Gdańsk."),
        ("agent_wellbeing_index", None, "finch", 55.0, 52, "executive", "Agreed with the works council for the teams of Gdańsk."),
        ("resolution_quality", None, "lark", 76.0, 40, "manager.lark", "Most of its customers write once."),
    ]
    return [
        {
            "metric": metric, "site": site, "team": team, "floor": floor, "valid_from": _day(timeline, week), "owner": owner,
            "reason": reason, "signed_by": "executive", "entered_on": _day(timeline, week, -10),
        }
        for metric, site, team, floor, week, owner, reason in planned
    ]  # fmt: skip


def initiatives(timeline: Timeline) -> Rows:
    """(title, what, site, week of the start, week the after-window begins, weeks): the gap of week 48 is in none of the windows."""
    planned: list[tuple[str, str, str | None, int, int, int]] = [
        ("AI assistant for all sites", "Contacts whose intent allows it begin with the AI.", None, 26, 33, 13),
        ("Longer pauses in Cork", "Pauses of five minutes an hour, training on paid time.", "cork", 44, 50, 8),
        ("Denser shifts in Gdańsk", "Posts of leavers stay empty; prompts guide every contact.", "gdansk", 35, 60, 8),
        ("One callback a day for loops", "Teams call back whom the AI left in a loop.", "lisbon", timeline.story.weeks - 2, 77, 8),
    ]
    return [
        {
            "title": title, "what": what, "site": site, "starts_on": _day(timeline, week), "after_start": _day(timeline, after),
            "weeks": weeks, "frozen_on": _day(timeline, week, -7), "entered_by": "executive",
            **LIMITS, **({"csat": OF_A_SITE} if site == "cork" else {}),
        }
        for title, what, site, week, after, weeks in planned
    ]  # fmt: skip


def actions(timeline: Timeline) -> Rows:
    """One in each state."""
    last = timeline.story.weeks
    return [
        _action(timeline, "Call back everybody left in a loop within a day", "loop_rate", "lisbon", "executive", (56, 60), done=60),
        _action(timeline, "Recovery pauses written into the roster", "recovery_pauses", "gdansk", "executive", (last - 3, last + 6)),
        _action(timeline, "Offer a person after the second question", "reach_rate", "cork", "manager.cork", (last + 1, last + 8)),
        _action(timeline, "Shorter scripts for returns", "aht", "lisbon", "executive", (50, 58), dropped="Customers came back more often."),
    ]


def _action(
    timeline: Timeline, what: str, metric: str, site: str, owner: str, weeks: tuple[int, int], done: int | None = None, dropped: str = ""
) -> dict[str, object]:
    state = "done" if done else "dropped" if dropped else "running" if weeks[0] < timeline.story.weeks else "planned"
    days = {"starts_on": _day(timeline, weeks[0]), "due": _day(timeline, weeks[1]), "done_on": _day(timeline, done) if done else None}
    return {"what": what, "metric": metric, "site": site, "owner": owner, "state": state, "drop_reason": dropped, **days}


def _day(timeline: Timeline, week: int, further: int = 0) -> str:
    return (timeline.monday(week) + timedelta(days=further)).isoformat()
