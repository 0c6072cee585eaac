"""Why a number is what it is, or is not there: reason codes of metrics.md 0.1 and 0.4 as sentences, and what would make a number appear."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

SHORT = {"csat": "csat", "agent_wellbeing_index": "awi", "resolution_quality": "rq"}
NAMES: Mapping[str, str] = {
    "csat": gettext_noop("customer satisfaction"),
    "awi": gettext_noop("agent wellbeing"),
    "rq": gettext_noop("resolution quality"),
}


def why(reason: str, *, k: int) -> str:
    """A sentence for a reason code of metrics.md 0.1 and 0.4."""
    return _why(reason, k, get_language())


@lru_cache(maxsize=4096)  # a page has hundreds of reasons, and few different ones
def _why(reason: str, k: int, _language: str | None) -> str:
    subject, _colon, detail = reason.partition(":")
    if subject in NAMES:
        return _companion(subject, detail, k=k)
    return _own(subject, detail, k=k)


def _companion(subject: str, detail: str, *, k: int) -> str:
    name = _(NAMES[subject])
    if detail == "suppressed" and subject != "awi":
        return _("%(name)s is protected: fewer than five agents, or it would tell about a group that small") % {"name": name}
    said = {
        "absent": _("%(name)s is not there for these people and this period"),
        "no_data": _("%(name)s has no data here"),
        "insufficient": _("%(name)s has too little data here"),
        "suppressed": _("%(name)s is protected: groups of %(k)s and more"),
        "stale": _("the last wellbeing survey is more than 92 days old"),
        "other_scope": _("%(name)s is only there for other people"),
        "carried_forward_not_allowed": _("%(name)s is from an earlier period"),
        "withheld": _("%(name)s is withheld"),
        "not_applicable": _("%(name)s does not apply here"),
    }.get(detail, _("%(name)s is not shown"))
    return said % {"name": name, "k": k}


def without(reasons: tuple[str, ...]) -> str:
    """The companions a withheld saving lacks, where they stand beside it and say themselves why."""
    names = [_(NAMES[subject]) for reason in reasons if (subject := reason.partition(":")[0]) in NAMES]
    return _("without %(names)s") % {"names": ", ".join(names)} if names else ""


def _own(subject: str, detail: str, *, k: int) -> str:
    if subject in SAID:
        return _said(subject, detail)
    plain = {
        "people": _("too few people to show without pointing at them: groups of %(k)s and more"),
        "agents": _("fewer than five agents handled these contacts, or it would tell about a group that small"),
        "mature": _("the last seven days can still change"),
        "provisional": _("answers and repeat contacts of the last days can still arrive"),
        "baseline": _("no signed baseline of at least eight complete weeks before go-live"),
        "current": _("at least four complete weeks and 1 000 contacts are needed"),
        "go_live": _("the AI went live inside this period: choose one that begins later")
        if detail == "inside"
        else _("the period lies before the AI went live"),
        "occupancy": _("occupancy is the signed planning value: no working days were imported"),
        "shrinkage": _("shrinkage is the signed planning value: no working days were imported"),
        "missing": _("without %(detail)s"),
        "gap": _("%(detail)s without data"),
        "period": _("the period is not over"),
        "low_response": _("fewer than half answered"),
        "source": _("a source it is made of is late, so its last days are not there"),
        "totals": _("new records of these days are not added up yet")
        if detail == "behind"
        else _("the nightly check does not confirm the totals of these days"),
        "computation": _("it could not be computed; the log says why"),
        "release": _("what was shown before could not be looked up: try again")
        if detail == "unavailable"
        else _("beside what was shown before, it would tell about fewer than %(k)s people"),
        "sample": _("too few records for a figure") if detail.startswith("below") else _("few records, so the interval is wide"),
        "crowd": _("fewer than five people worked these days, or it would tell about a group that small"),
        "answers": _("too few answers for a figure: from 30 on"),
        "weeks": _("fewer than four weeks: nothing is known of how they differ"),
        "assumption": _("no signed staffing assumption says how many hours a full-time post is paid"),
        "handling": _("no handling times are known for these weeks"),
        "containment": _("nobody can know whether the customers of the AI came back: none is counted as contained"),
        "follow_up": _("nobody was followed for seven days yet: choose a period that begins earlier"),
        "invitations": _(INVITATIONS.get(detail, INVITATIONS["none"])),
        "unidentified": _("more than a fifth of the contacts have no known customer"),
        "reviews": _("reviews of the last days can still arrive"),
        "raters": _(RATERS.get(detail, RATERS["few"])),
        "reopening": _("no reopening is on record here: none happened, or nobody notes them")
        if detail == "none_recorded"
        else _("cases of the last days can still be opened again"),
        "reach": _reach(detail),
        "equity": _equity(detail),
        "strain": _("at or above 90 %%: at such a load people burn out"),
        "paid": _("these people did other work too, and what their hours cost cannot be split by queue or channel")
        if detail == "part"
        else _("no paid hours are known for some of these weeks, or fewer than the contacts took"),
        "alert": _(ALERTS[detail]) if detail in ALERTS else "",
        "cost": _("no signed cost says %(detail)s"),
        "attrition": _("no spells of employment say how many left of their own will"),
        "reskilling": _("known for whole sites only: lift the filter by team, queue or channel"),
        "displaced": _("nobody lost a role whose six months ended here"),
        "small_sites": _("sites with fewer than ten of these people are left out"),
        "offered": _("nobody was offered a way to a new role here in the 52 weeks to the end of the period"),
        "entered": _("nobody entered a course that had half a year to end here"),
    }.get(subject)
    words = plain if plain is not None else "%(subject)s %(detail)s"
    return words % {"k": k, "detail": _part(detail), "subject": subject.replace("_", " ")}


def _reach(detail: str) -> str:
    return {
        "below_half": _("fewer than half of those who asked reached a person within a day"),
        "below_nine_in_ten": _("fewer than nine in ten of those who asked reached a person within a day"),
    }.get(detail, _("who asked on the last day may still reach a person"))


def _equity(detail: str) -> str:
    return {
        "material": _("the tiers differ by five points or more, beyond noise"),
        "coverage": _("a fifth or more of the contacts are of intents only one tier has"),
    }.get(detail, _("both tiers are needed, with at least five records each in the intents they share"))


# The band and the red flags of the wellbeing index (B5), which stand beside its value.
SAID: Mapping[str, Mapping[str, str]] = {
    "band": {
        "good": gettext_noop("in the band “good”: 70 and more, and no red flag"),
        "watch": gettext_noop("in the band “watch”: from 55, or held there by a red flag"),
        "poor": gettext_noop("in the band “poor”: below 55, or WHO-5 or exhaustion at its mark"),
    },
    "red_flag": {
        "who5_at_or_below_50": gettext_noop("red flag: WHO-5 is at or below 50, which is read as poor wellbeing"),
        "cbi_at_or_above_50": gettext_noop("red flag: work-related exhaustion (CBI) is at or above 50, which is read as high"),
        "occupancy_at_or_above_90": gettext_noop("red flag: occupancy is at or above 90 %"),
        "right_to_disable_below_half": gettext_noop("red flag: in less than half of the hours prompts may be switched off"),
        "dimension_below_25": gettext_noop("red flag: below 25 of 100 for"),
    },
}


def _said(subject: str, detail: str) -> str:
    name, _colon, part = detail.partition(":")
    text = _(SAID[subject][name]) if name in SAID[subject] else detail.replace("_", " ")
    return f"{text} {_part(part)}" if part else text


PARTS: Mapping[str, str] = {
    "fcr": gettext_noop("first contact resolution"),
    "ccr": gettext_noop("confirmed resolution"),
    "qa": gettext_noop("quality reviews"),
    "ai_integrity": gettext_noop("AI integrity"),
    "wellbeing": gettext_noop("the WHO-5 answers"),
    "exhaustion": gettext_noop("the exhaustion answers"),
    "resources": gettext_noop("the HSE answers"),
    "workload": gettext_noop("workload signals"),
    "ai_autonomy": gettext_noop("signals of autonomy from AI prompts"),
    "stability": gettext_noop("absence and attrition"),
    "loaded_fte": gettext_noop("what a full-time post costs a year"),
    "salary": gettext_noop("what the yearly salary is"),
    "ai_run": gettext_noop("what running the AI costs a year"),
    "one_off": gettext_noop("what introducing it cost once"),
    "reskilling": gettext_noop("what reskilling costs a year"),
}


def _part(detail: str) -> str:
    return _(PARTS[detail]) if detail in PARTS else detail.replace("_", " ")


ALERTS: Mapping[str, str] = {
    "substitution": gettext_noop(
        "contacts do not grow any more, more than half of the gain was taken out and less than a quarter came back to people"
    ),
    "intensification": gettext_noop("people work denser than in the baseline: relief is below zero"),
}

INVITATIONS: Mapping[str, str] = {
    "none": gettext_noop(
        "no invitation to a survey is on record here: import those that were sent, answered or not (format invitations_csv)"
    ),
    "uninvited": gettext_noop("some answers have no invitation on record: they are told apart and left out of the rate"),
    "unsure": gettext_noop("of some invitations nobody says whether they arrived: they count as delivered"),
}

RATERS: Mapping[str, str] = {
    "none": gettext_noop("no contact was reviewed by two people"),
    "few": gettext_noop("fewer than five reviewers: it would tell how two or three people judge"),
    "equal": gettext_noop("all scores are the same: agreement cannot be told from chance"),
    "disagree": gettext_noop("below 0.60: the reviewers do not agree enough for their mean to be trusted"),
}

UNLOCK = {
    "csat:no_data": gettext_noop("Import the customer answers about these contacts."),
    "source:late": gettext_noop("Choose a period that ends before the source fell silent, or ask a data steward to see to it."),
    "totals:behind": gettext_noop("A steward or an administrator sees on the page of the nights what has to be mended."),
    "totals:differ": gettext_noop("An administrator has to repair the totals: manage.py roll_up --all."),
    "csat:insufficient": gettext_noop("Choose a longer period or a wider scope, or ask more customers."),
    "awi:no_data": gettext_noop("Import a wellbeing survey of these teams, or widen to a site that has one."),
    "awi:suppressed": gettext_noop("Widen the scope to a group that may be shown."),
    "awi:insufficient": gettext_noop("Ask the missing questions in the next wellbeing survey."),
    "awi:stale": gettext_noop("Close a new wellbeing survey."),
    "rq:no_data": gettext_noop("Import contacts with customers and intents, and their reviews."),
    "rq:insufficient": gettext_noop("Choose a longer period or a wider scope."),
}


def unlock(reasons: tuple[str, ...]) -> str:
    """What would make a withheld number appear."""
    found = [_(UNLOCK[reason]) for reason in reasons if reason in UNLOCK]
    return " ".join(dict.fromkeys(found))
