"""What stands on the pages and is no metric of a family: words, rule and source, so that such a number too leads to its entry."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Term:
    """An entry of the definitions beside the metrics. `source` is the section of the metric definitions."""

    key: str
    label: Promise
    words: Promise
    formula: Promise
    caveat: Promise
    source: str


TERMS = {
    term.key: term
    for term in (
        Term(
            "growth",
            _("Growth of contacts"),
            _("Whether weekly contacts still grow, have levelled off or fall, and since which week."),
            _(
                "contacts of complete weeks, the last 26 (at least 12); slope by Theil-Sen with its 90 % rank interval, as a change for "
                "each quarter of the median; growth or decline where Mann-Kendall gives p below 0.05 and the change is 3 % or more"
            ),
            _("Weeks with a gap are left out. A phase changes only after four weeks that say the same."),
            "E7",
        ),
        Term(
            "comparison",
            _("Comparable periods"),
            _("With which days a period is compared, so that a change is not one of the calendar."),
            _(
                "a year earlier: the same ISO weeks; period before: whole weeks back, up to 8 more where holidays ask for it. Each weekday "
                "occurs as often in both, and a holiday of the site is a kind of day of its own: days without one of their kind in the "
                "other period ÷ days, the mean of the sites; up to 5 % are named, above there is no comparison"
            ),
            _("Holidays are those the administrator entered. By a year without any nothing is judged, and the page says so."),
            "G1",
        ),
        Term(
            "freshness",
            _("Freshness"),
            _("The last day with data, when it was loaded, and the share of rows that were accepted."),
            _("rows accepted ÷ rows in the files of all finished imports"),
            _("A row that is accepted can still be wrong: only what a rule can see is rejected."),
            "product 4",
        ),
        Term(
            "marks",
            _("Marks of a figure: provisional, carried forward, small sample, partial"),
            _("What a sign beside a figure says of it: ◇ provisional, ○ carried forward, △ small sample, ◐ partial."),
            _(
                "provisional: answers or outcomes of its last days can still arrive; carried forward: nobody was asked in this period, "
                "so the latest survey before it stands here, for 92 days at most; small sample: few records, so the interval is wide; "
                "partial: a part of it or some of its days are missing"
            ),
            _("A figure without a sign is not certain either: its interval says how far it may be off."),
            "0.1",
        ),
        Term(
            "outlook",
            _("Outlook of the coming years"),
            _("How many people each year needs under stated assumptions, with a low, a base and a high course and the band of many draws."),
            _(
                "contacts of the year × handling time × (1 − contained × their relative length + what comes back) ÷ 3600 ÷ throughput, "
                "÷ occupancy ÷ (1 − shrinkage) ÷ paid hours of a full-time post"
            ),
            _("Assumptions, not forecasts: every one of them is in the form and in the address."),
            "E10",
        ),
        Term(
            "calculator",
            _("The founding texts’ calculator"),
            _("Contacts for each person and day, and people for a number of contacts, in each way of rounding."),
            _("seconds of a day ÷ handling time = contacts for each person; contacts ÷ that = people, rounded as each mode says"),
            _(
                "At an occupancy of 100 % and a shrinkage of 0 % nobody pauses: change either and see. It knows only the numbers that are "
                "typed: none is filled in from what was measured, so it tells no saving of the centre, and none has to be withheld from it."
            ),
            "E5",
        ),
        Term(
            "agents",
            _("Agents an interval needs"),
            _("The fewest agents on the queue that answer the promised share in time, and the people to schedule for them."),
            _(
                "load = calls × handling time ÷ seconds of the interval; the smallest number above it at which Erlang C keeps the service "
                "level and load ÷ agents the highest occupancy; people = agents ÷ (1 − shrinkage), rounded up once"
            ),
            _(
                "Callers who hang up make waits shorter: where more than 3 % do, read the columns with impatience (Erlang A). "
                "Who hangs up is not a saving."
            ),
            "E3, E4",
        ),
        Term(
            "claim",
            _("From 100 to 50: the hidden assumption"),
            _("What has to be true of the workload for the claimed halving."),
            _("FTE after = FTE before × (1 − simple share × AI resolution × (1 − share that comes back)) ÷ (1 + throughput gain)"),
            _("The simple share is one of the workload, not of the contacts."),
            "E5",
        ),
        Term(
            "targets",
            _("Targets that contradict each other"),
            _("Whether a set of targets can hold at the same time."),
            _("each target as a limit on the same shares of contacts; contradictory where no number meets them all"),
            _("A target that can be met may still be a bad one."),
            "E5, F1",
        ),
    )
}
