"""Did the companions of a saving hold? Each from its interval against a limit frozen before (non-inferiority), and all 27. Pure."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

HELD, ERODED, UNKNOWN = "held", "eroded", "unknown"
WORDS = {HELD: _("held"), ERODED: _("eroded"), UNKNOWN: _("unknown")}
Three = tuple[str, str, str]  # customer satisfaction, wellbeing, resolution quality


def state(low: float | None, high: float | None, margin: float) -> str:
    """Held: the whole interval of the change lies above minus the margin; eroded: wholly below it; anything else is not known."""
    if low is None or high is None:
        return UNKNOWN
    if low > -margin:
        return HELD
    return ERODED if high < -margin else UNKNOWN


def overall(states: Three) -> str:
    """One that eroded is enough; held only where all three did."""
    if ERODED in states:
        return ERODED
    return HELD if states == (HELD, HELD, HELD) else UNKNOWN


LEADS = {
    HELD: _("The companions held."),
    ERODED: _("Something was given up for it."),
    UNKNOWN: _("Whether something was given up for it is not known."),
}

SENTENCES: dict[Three, object] = {
    (HELD, HELD, HELD): _("Customer satisfaction, wellbeing and resolution quality held."),
    (HELD, HELD, ERODED): _("Resolution quality fell by more than its limit; customer satisfaction and wellbeing held."),
    (HELD, HELD, UNKNOWN): _("Customer satisfaction and wellbeing held; whether resolution quality held cannot be told."),
    (HELD, ERODED, HELD): _("Wellbeing fell by more than its limit; customer satisfaction and resolution quality held."),
    (HELD, ERODED, ERODED): _("Wellbeing and resolution quality fell by more than their limits; customer satisfaction held."),
    (HELD, ERODED, UNKNOWN): _(
        "Wellbeing fell by more than its limit; customer satisfaction held; whether resolution quality held cannot be told."
    ),
    (HELD, UNKNOWN, HELD): _("Customer satisfaction and resolution quality held; whether wellbeing held cannot be told."),
    (HELD, UNKNOWN, ERODED): _(
        "Resolution quality fell by more than its limit; customer satisfaction held; whether wellbeing held cannot be told."
    ),
    (HELD, UNKNOWN, UNKNOWN): _("Customer satisfaction held; whether wellbeing and resolution quality held cannot be told."),
    (ERODED, HELD, HELD): _("Customer satisfaction fell by more than its limit; wellbeing and resolution quality held."),
    (ERODED, HELD, ERODED): _("Customer satisfaction and resolution quality fell by more than their limits; wellbeing held."),
    (ERODED, HELD, UNKNOWN): _(
        "Customer satisfaction fell by more than its limit; wellbeing held; whether resolution quality held cannot be told."
    ),
    (ERODED, ERODED, HELD): _("Customer satisfaction and wellbeing fell by more than their limits; resolution quality held."),
    (ERODED, ERODED, ERODED): _("Customer satisfaction, wellbeing and resolution quality fell by more than their limits."),
    (ERODED, ERODED, UNKNOWN): _(
        "Customer satisfaction and wellbeing fell by more than their limits; whether resolution quality held cannot be told."
    ),
    (ERODED, UNKNOWN, HELD): _(
        "Customer satisfaction fell by more than its limit; resolution quality held; whether wellbeing held cannot be told."
    ),
    (ERODED, UNKNOWN, ERODED): _(
        "Customer satisfaction and resolution quality fell by more than their limits; whether wellbeing held cannot be told."
    ),
    (ERODED, UNKNOWN, UNKNOWN): _(
        "Customer satisfaction fell by more than its limit; whether wellbeing and resolution quality held cannot be told."
    ),
    (UNKNOWN, HELD, HELD): _("Wellbeing and resolution quality held; whether customer satisfaction held cannot be told."),
    (UNKNOWN, HELD, ERODED): _(
        "Resolution quality fell by more than its limit; wellbeing held; whether customer satisfaction held cannot be told."
    ),
    (UNKNOWN, HELD, UNKNOWN): _("Wellbeing held; whether customer satisfaction and resolution quality held cannot be told."),
    (UNKNOWN, ERODED, HELD): _(
        "Wellbeing fell by more than its limit; resolution quality held; whether customer satisfaction held cannot be told."
    ),
    (UNKNOWN, ERODED, ERODED): _(
        "Wellbeing and resolution quality fell by more than their limits; whether customer satisfaction held cannot be told."
    ),
    (UNKNOWN, ERODED, UNKNOWN): _(
        "Wellbeing fell by more than its limit; whether customer satisfaction and resolution quality held cannot be told."
    ),
    (UNKNOWN, UNKNOWN, HELD): _("Resolution quality held; whether customer satisfaction and wellbeing held cannot be told."),
    (UNKNOWN, UNKNOWN, ERODED): _(
        "Resolution quality fell by more than its limit; whether customer satisfaction and wellbeing held cannot be told."
    ),
    (UNKNOWN, UNKNOWN, UNKNOWN): _("Whether customer satisfaction, wellbeing or resolution quality held cannot be told."),
}


def sentence(states: Three) -> str:
    """What became of all three, in one sentence."""
    return str(SENTENCES[states])
