"""What the page of the data tells: how fresh each source is, what came, which days are missing, what changed after it was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import gaps, ingest, ledger, words
from kpi.intake.roles import Keeper
from kpi.mapping.stored import known as source_known
from kpi.mapping.stored import origins_of
from kpi.models import Connection, CustomerAnswer, DataSource, DueDay, ImportRun, Interaction, Publication, Site
from kpi.pulls.words import problem_of, reached, state_of
from kpi.version import known

MATCHED = 28  # days of answers that are looked up
RECENT = 90  # days in which missing ones are named
RESTATED = 20
NAMED = 5
State = ImportRun.State
RECORDS = {  # by the subjects that are added up
    "interaction": gettext_lazy("Contacts, with answers and reviews"),
    "agent_day": gettext_lazy("Working days"),
    "employment": gettext_lazy("Employment"),
    "pulse": gettext_lazy("Wellbeing surveys"),
    "reskilling": gettext_lazy("Reskilling"),
}


@dataclass(frozen=True)
class SourceLine:
    """One source: when it last brought something, and whether that is late."""

    key: str
    label: str
    site: str
    verified: bool
    last: datetime | None  # the last file that was stored
    last_state: str  # of the very last run, in words
    failed: bool
    limit: str
    late: bool
    watched: bool
    fetched: str = ""  # from where and how far, where it is fetched by ourselves
    trouble: str = ""  # what is wrong with fetching


@dataclass(frozen=True)
class Kept:
    """A kind of record: from and to which day it is there."""

    label: str
    first: date
    last: date
    waiting: int  # days that are to be added up again


@dataclass(frozen=True)
class Changed:
    """Something that was published and later turned out differently; the values stand at the figures."""

    unit: str
    start: date
    last: date
    reason: str
    published: datetime


@dataclass(frozen=True)
class Told:
    """Everything the page says."""

    answer: str
    sources: Sequence[SourceLine]
    kept: Sequence[Kept]
    missing: Sequence[tuple[str, str]]  # site, days in words
    matched: str
    changed: Sequence[Changed]


def tell(keeper: Keeper) -> Told:
    """For one reader; a manager gets the sources of the own sites and those of no site."""
    sources = _sources(keeper)
    return Told(_answer(sources), sources, _kept(), _missing(keeper), _matched(), _changed() if keeper.sees_runs else ())


def _sources(keeper: Keeper) -> list[SourceLine]:
    mine = Q() if keeper.sites is None else Q(site=None) | Q(site__in=keeper.sites)
    found = (
        DataSource.objects.filter(mine)
        .select_related("site", "connection")
        .annotate(last=Max("runs__finished_at", filter=Q(runs__state=State.DONE)), latest=Max("runs"))
    )
    states = dict(ImportRun.objects.filter(pk__in=[item.latest for item in found]).values_list("pk", "state"))
    return [_source(item, states.get(item.latest, ""), keeper) for item in found]


def _source(item: DataSource, state: str, keeper: Keeper) -> SourceLine:
    """`item` carries `last` and `latest` from the query."""
    connection: Connection | None = getattr(item, "connection", None)
    last: datetime | None = item.last  # type: ignore[attr-defined]
    asked = connection.succeeded_at if connection else None  # a vendor that was asked and had nothing is not late
    heard = max([moment for moment in (last, asked) if moment], default=None)
    known_format = source_known(item)
    late = bool(item.late_after_hours) and (heard is None or timezone.now() - heard > timedelta(hours=item.late_after_hours or 0))
    return SourceLine(
        key=item.key,
        label=str(known_format.label) if known_format else item.format,
        site=item.site.name if item.site else _("all sites"),
        verified=bool(getattr(known_format, "verified", True)),
        last=last,
        last_state=str(State(state).label) if state else _("nothing came yet"),
        failed=state == State.FAILED,
        limit=_("%(hours)d hours") % {"hours": item.late_after_hours} if item.late_after_hours else _("none set"),
        late=late,
        watched=bool(item.late_after_hours),
        fetched=_fetched(connection) if connection and keeper.sees_runs else "",
        trouble=problem_of(connection) if connection and connection.active and keeper.sees_runs else "",
    )


def _fetched(connection: Connection) -> str:
    if not connection.position:
        return _("fetched from %(host)s: %(state)s") % {"host": connection.host, "state": state_of(connection)}
    return _("fetched from %(host)s: %(state)s, everything is here up to %(when)s") % {
        "host": connection.host,
        "state": state_of(connection),
        "when": reached(connection),
    }


def _answer(sources: Sequence[SourceLine]) -> str:
    """The question in a sentence: is everything there?"""
    if not sources:
        return _("No source is known yet.")
    failed, late = [item.key for item in sources if item.failed], [item.key for item in sources if item.late]
    watched = [item for item in sources if item.watched]
    parts = []
    if ingest.any_waits_in_vain():
        parts.append(
            _("Files wait and nothing reads them: the worker or its queue does not answer. They are read by themselves once it is back.")
        )
    if failed:
        parts.append(_("The last file of %(sources)s failed.") % {"sources": _names(failed)})
    if late:
        counts = {"late": len(late), "all": len(watched), "sources": _names(late)}
        parts.append(_("%(late)d of %(all)d watched sources are late: %(sources)s.") % counts)
    elif watched:
        parts.append(_("Every watched source is on time."))
    if troubled := [item.key for item in sources if item.trouble]:
        parts.append(_("Nothing could be fetched for %(sources)s.") % {"sources": _names(troubled)})
    if not watched:
        parts.append(_("No source has a limit, so none can be called late: an administrator sets one for each."))
    return " ".join(parts)


def _names(keys: Sequence[str]) -> str:
    more = len(keys) - NAMED
    return ", ".join(keys[:NAMED]) + (_(" and %(n)s more") % {"n": more} if more > 0 else "")


def _kept() -> list[Kept]:
    waiting = Count("pk", filter=Q(due__gt=F("done")))
    rows = DueDay.objects.values("subject").annotate(first=Min("day"), last=Max("day"), waiting=waiting).order_by("subject")
    return [Kept(str(RECORDS.get(row["subject"], row["subject"])), row["first"], row["last"], row["waiting"]) for row in rows]


def _missing(keeper: Keeper) -> list[tuple[str, str]]:
    end = ledger.horizon()
    sites = {site.pk: site.name for site in Site.objects.all() if keeper.sites is None or site.pk in keeper.sites}
    if end is None:
        return []
    found = gaps.gap_days(sorted(sites), "")
    recent = {site: sorted(day for day in days if day >= end - timedelta(RECENT)) for site, days in found.items()}
    return [(sites[site], ", ".join(map(words.day, days[:NAMED])) + _rest(days)) for site, days in recent.items() if days]


def _rest(days: Sequence[date]) -> str:
    more = len(days) - NAMED
    return _(" and %(n)s more") % {"n": more} if more > 0 else ""


def _matched() -> str:
    """How many answers of customers found the contact they are about: the others count for no figure."""
    counted: Mapping[str, int] = known("answers matched", _count_answers)
    if not counted["all"]:
        return _("No answers of customers came in the last four weeks.")
    share = words.percent(counted["found"] / counted["all"])
    return _("Of the last four weeks %(share)s of %(n)s answers of customers found their contact; the others count for no figure.") % {
        "share": share,
        "n": words.number(counted["all"]),
    }


def _count_answers() -> dict[str, int]:
    """Of the last weeks; by the sources that hold contacts, so that every look-up is one step in the index."""
    end = ledger.horizon()
    if end is None:
        return {"all": 0, "found": 0}
    sources = list(ImportRun.objects.filter(source__in=origins_of("kpi.Interaction")).values_list("source", flat=True).distinct())
    contact = Interaction.objects.filter(source_id__in=sources, external_id=OuterRef("interaction_ref"))
    answers = CustomerAnswer.objects.filter(answered_at__date__gte=end - timedelta(MATCHED))
    return {"all": answers.count(), "found": answers.filter(Exists(contact)).count()}


def _changed() -> list[Changed]:
    found: QuerySet[Publication] = Publication.objects.exclude(reason="").exclude(dimension="team").order_by("-published_at")
    sites = dict(Site.objects.values_list("pk", "name"))
    return [
        Changed(_unit(row, sites), row.start, row.end - timedelta(1), str(row.get_reason_display()), row.published_at)
        for row in found[:RESTATED]
    ]


def _unit(row: Publication, sites: Mapping[int, str]) -> str:
    return _("All sites") if row.dimension == "all" else sites.get(row.member, _("a site that is gone"))
