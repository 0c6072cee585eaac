"""Which AI policy was in force for an intent on a day: for the totals, for the list of breaches and for the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import polars as pl
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpi.metric import Period
from kpi.models import Intent, IntentPolicy
from kpi.models.policy import BEGINNING
from kpi.result import Register

SCHEMA = {"intent": pl.Int32, "valid_from": pl.Date, "ai_policy": pl.String}


@dataclass(frozen=True)
class Span:
    """A version of the policy of one intent, in force on the days [start, end)."""

    intent: int
    policy: str
    start: date
    end: date


def spans() -> list[Span]:
    """Every version with the days on which it holds; versions that another one of the same day replaced are left out."""
    rows = IntentPolicy.objects.order_by("intent", "valid_from", "pk").values_list("intent_id", "policy", "valid_from")
    return [span for _intent, versions in groupby(rows, key=lambda row: row[0]) for span in _spans(list(versions))]


def _spans(versions: list[tuple[int, str, date]]) -> Iterator[Span]:
    ends = [start for _intent, _policy, start in versions[1:]] + [date.max]
    for (intent, policy, start), end in zip(versions, ends, strict=True):
        if start < end:
            yield Span(intent, policy, start, end)


def register_of(period: Period) -> Register | None:
    """Every version that was in force in the period, intent by intent; None where no policy was."""
    names = dict(Intent.objects.values_list("pk", "name"))
    found = [span for span in spans() if span.start < period.end and period.start < span.end]
    if not found:
        return None
    rows = sorted((names[span.intent], str(IntentPolicy.Policy(span.policy).label), _from(span.start)) for span in found)
    return Register(_("AI policy of each intent, as it was in force"), (_("Intent"), _("AI policy"), _("In force from")), tuple(rows))


def _from(start: date) -> str:
    return _("the beginning") if start <= BEGINNING else date_format(start, "j M Y")


def judge(contacts: pl.DataFrame) -> pl.DataFrame:
    """`contacts` (intent, day) with `ai_policy`, null where none was in force."""
    versions = pl.DataFrame([(span.intent, span.start, span.policy) for span in spans()], schema=SCHEMA, orient="row").sort("valid_from")
    keys = contacts.select("intent", "day").unique().drop_nulls().sort("day")
    found = keys.join_asof(versions, left_on="day", right_on="valid_from", by="intent", strategy="backward", check_sortedness=False)
    return contacts.join(found.select("intent", "day", "ai_policy"), on=["intent", "day"], how="left", maintain_order="left")
