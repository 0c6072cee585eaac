"""What is asked, word by word, and how one person's answers are written down. Pure.

The English wordings of WHO-5, of the seven work-related CBI items and of the stress item are the published ones; what of the German
ones is to be checked by the operator stands in docs/pulse.md. Items are in the order in which the import reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SKIPPED = "-"
Options = Sequence[tuple[str, Promise]]

TIME: Options = (
    ("5", _("All of the time")),
    ("4", _("Most of the time")),
    ("3", _("More than half of the time")),
    ("2", _("Less than half of the time")),
    ("1", _("Some of the time")),
    ("0", _("At no time")),
)
DEGREE: Options = (
    ("5", _("To a very high degree")),
    ("4", _("To a high degree")),
    ("3", _("Somewhat")),
    ("2", _("To a low degree")),
    ("1", _("To a very low degree")),
)
HOW_OFTEN: Options = (
    ("5", _("Always")),
    ("4", _("Often")),
    ("3", _("Sometimes")),
    ("2", _("Seldom")),
    ("1", _("Never/almost never")),
)
STRESS: Options = (
    ("1", _("Not at all")),
    ("2", _("Only a little")),
    ("3", _("To some extent")),
    ("4", _("Rather much")),
    ("5", _("Very much")),
)


@dataclass(frozen=True)
class Item:
    """One question. Any may be left open."""

    text: Promise
    options: Options


@dataclass(frozen=True)
class Part:
    """One instrument: its items in the order of the import."""

    instrument: str
    heading: Promise
    intro: Promise
    items: Sequence[Item]
    credit: Promise


PARTS = (
    Part(
        "who5",
        _("The last two weeks"),
        _("Please indicate for each of the five statements which is closest to how you have been feeling over the last two weeks."),
        (
            Item(_("I have felt cheerful and in good spirits"), TIME),
            Item(_("I have felt calm and relaxed"), TIME),
            Item(_("I have felt active and vigorous"), TIME),
            Item(_("I woke up feeling fresh and rested"), TIME),
            Item(_("My daily life has been filled with things that interest me"), TIME),
        ),
        _("WHO-5 Well-Being Index: World Health Organization; Psychiatric Research Unit, Hillerød, 1998."),
    ),
    Part(
        "cbi_work",
        _("You and your work"),
        _("These questions are about your work as it is at present."),
        (
            Item(_("Is your work emotionally exhausting?"), DEGREE),
            Item(_("Do you feel burnt out because of your work?"), DEGREE),
            Item(_("Does your work frustrate you?"), DEGREE),
            Item(_("Do you feel worn out at the end of the working day?"), HOW_OFTEN),
            Item(_("Are you exhausted in the morning at the thought of another day at work?"), HOW_OFTEN),
            Item(_("Do you feel that every working hour is tiring for you?"), HOW_OFTEN),
            Item(_("Do you have enough energy for family and friends during leisure time?"), HOW_OFTEN),
        ),
        _("Copenhagen Burnout Inventory, work-related part: Kristensen and others, 2005."),
    ),
    Part(
        "stress1",
        _("Stress"),
        _(
            "Stress means a situation in which a person feels tense, restless, nervous or anxious or is unable to sleep at night because "
            "his/her mind is troubled all the time."
        ),
        (Item(_("Do you feel this kind of stress these days?"), STRESS),),
        _("Single item on stress symptoms: Elo and others, 2003."),
    ),
    Part(
        "autonomy2",
        _("Having a say"),
        _("These two questions are about how much you decide yourself."),
        (
            Item(_("I have a choice in deciding how I do my work"), HOW_OFTEN),
            Item(_("I can leave a suggestion of the software aside without having to justify it"), HOW_OFTEN),
        ),
        _("First statement: Indicator Tool of the Health and Safety Executive, Crown copyright, Open Government Licence. Second: our own."),
    ),
)
LENGTH = sum(len(part.items) for part in PARTS)
Answers = Mapping[str, str]  # {field: value}, without those left open


def field(part: Part, place: int) -> str:
    return f"{part.instrument}_{place + 1}"


def read(given: Mapping[str, str]) -> dict[str, str]:
    """Of what a form sent, the answers there are; anything else counts as left open."""
    found = {}
    for part in PARTS:
        for place, item in enumerate(part.items):
            value = given.get(field(part, place), "")
            if value in dict(item.options):
                found[field(part, place)] = value
    return found


def packed(answers: Answers) -> bytes:
    """One character for each item, whatever was answered: nobody's is longer than somebody else's."""
    return "".join(answers.get(field(part, place), SKIPPED) for part in PARTS for place in range(len(part.items))).encode()


def unpacked(text: bytes) -> dict[str, str]:
    """{instrument: items as the import reads them}, without instruments of which nothing was answered."""
    letters, found = iter(text.decode()), {}
    for part in PARTS:
        own = [next(letters).replace(SKIPPED, "") for _item in part.items]
        if any(own):
            found[part.instrument] = ";".join(own)
    return found
