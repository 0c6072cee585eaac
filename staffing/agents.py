"""How many agents one interval needs, in words and a table: Erlang C, and Erlang A where callers hang up (metrics.md E3, E4)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kpi import words
from staffing.answers import Answer, Numbers, known
from staffing.patience import Impatient, erlang_a
from staffing.queueing import Need, erlang_c, model_for, required_agents

AROUND = 2  # agents fewer and more that stand beside the number found
MINUTE, HOUR = 60.0, 3600.0


def agents_answer(numbers: Numbers) -> Answer:
    """The fewest agents that keep the service level, and what one or two fewer or more would give."""
    found = _needed(numbers)
    fewest = max(1, found.agents - AROUND)
    rows = tuple(_row(agents, found, numbers) for agents in range(fewest, found.agents + AROUND + 1))
    return Answer(_words(found, numbers), _head(numbers), rows, _assumptions())


def _needed(numbers: Numbers) -> Need:
    return required_agents(
        calls=known(numbers, "a_calls"),
        interval_s=MINUTE * known(numbers, "a_minutes"),
        aht_s=known(numbers, "a_aht"),
        sl=known(numbers, "a_level"),
        t_s=known(numbers, "a_within"),
        max_occupancy=numbers["a_most"],
        shrinkage=known(numbers, "a_shrinkage"),
    )


def _words(found: Need, numbers: Numbers) -> tuple[str, ...]:
    said = {
        "agents": found.agents, "people": found.scheduled, "share": words.percent(found.service_level),
        "within": f"{known(numbers, 'a_within'):g}", "occupancy": words.percent(found.occupancy), "load": words.number(found.erlangs, 1),
    }  # fmt: skip
    text = _(
        "%(agents)s agents on the queue answer %(share)s within %(within)s s at an occupancy of %(occupancy)s; for them %(people)s people "
        "have to be scheduled. The load is %(load)s erlangs."
    )
    return text % said, *_hanging_up(found.agents, numbers)


def _hanging_up(agents: int, numbers: Numbers) -> tuple[str, ...]:
    """What impatience changes, where it is known: those who hung up are not saved staff."""
    if numbers["a_patience"] is None or not agents:
        return ()
    share = _impatient(agents, numbers).p_abandon
    said = {"share": words.percent(share)}
    if model_for(share) == "erlang_a":
        return (_("With these agents %(share)s hang up: read the columns with impatience. Who hangs up is not a saving.") % said,)
    return (_("With these agents %(share)s hang up: so few that both ways of computing may be read.") % said,)


def _impatient(agents: int, numbers: Numbers) -> Impatient:
    return erlang_a(
        calls_per_hour=known(numbers, "a_calls") * HOUR / (MINUTE * known(numbers, "a_minutes")),
        aht_s=known(numbers, "a_aht"),
        patience_s=known(numbers, "a_patience"),
        agents=agents,
        t_s=known(numbers, "a_within"),
    )


def _head(numbers: Numbers) -> tuple[str, ...]:
    plain = (_("Agents on the queue"), _("answered in time"), _("mean wait, s"), _("occupancy"))
    if numbers["a_patience"] is None:
        return plain
    return (*plain, _("with impatience: hang up"), _("answered in time"), _("mean wait, s"), _("occupancy"))


def _row(agents: int, found: Need, numbers: Numbers) -> tuple[str, ...]:
    one = erlang_c(agents=agents, erlangs=found.erlangs, aht_s=known(numbers, "a_aht"), t_s=known(numbers, "a_within"))
    wait = _("the queue grows without end") if one.asa_s is None else words.number(one.asa_s, 1)
    name = _("%(agents)s: enough") % {"agents": agents} if agents == found.agents else str(agents)
    plain = (name, words.percent(one.service_level), wait, words.percent(one.occupancy))
    if numbers["a_patience"] is None:
        return plain
    other = _impatient(agents, numbers)
    shares = (other.p_abandon, other.service_level)
    return (*plain, *map(words.percent, shares), words.number(other.mean_wait_s, 1), words.percent(other.occupancy))


def _assumptions() -> tuple[str, ...]:
    return (
        _("Calls arrive at random and evenly over the interval; every agent takes every call."),
        _("Without impatience nobody hangs up (Erlang C); with it patience is exponential (Erlang A)."),
        _("Rounded up once, at the end."),
    )
