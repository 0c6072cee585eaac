"""Pages of the data: what came, what of it was taken, what is missing; sending a file, correcting rows, taking a file back."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpi import doubts, ingest, registry, tasks
from kpi.export import is_private, rejected_rows_csv, same_file, taken_back
from kpi.ingest.errors import sentence
from kpi.intake import correcting, sending
from kpi.intake.roles import Keeper, keeper_of
from kpi.intake.told import tell
from kpi.mapping.stored import known as source_known
from kpi.models import ImportRun, RejectedRow
from kpi.source import Refused
from kpi.version import one_version

RUNS, ROWS = 25, 25
FATES = (
    ("new", gettext_lazy("new")),
    ("changed", gettext_lazy("changed")),
    ("unchanged", gettext_lazy("unchanged")),
    ("repeated", gettext_lazy("repeated in the file")),
    ("rejected", gettext_lazy("rejected")),
)
CELL = re.compile(r"cell-(\d{1,18})-(.{1,200})")


@require_safe
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """How fresh every source is, the last files, missing days, what changed after it was published."""
    keeper = _keeper(request)
    with one_version():
        told, trouble = tell(keeper), doubts.sentences(keeper.sites)
    runs = ImportRun.objects.select_related("source") if keeper.sees_runs else ImportRun.objects.none()
    page = Paginator(runs.order_by("-pk"), RUNS).get_page(request.GET.get("page"))
    private = {source.key for source in registry.sources().values() if source.private}
    return _render(request, "data", {"keeper": keeper, "told": told, "trouble": trouble, "runs": page, "private": private})


@require_safe
@login_required
def run_page(request: HttpRequest, run: int) -> HttpResponse:
    """One file: what became of every line, what was seen in it, which rows were not taken and why."""
    keeper = _keeper(request)
    found = _run(keeper, run)
    rows = RejectedRow.objects.filter(run=found).order_by("line") if keeper.sends else RejectedRow.objects.none()
    context = {
        "keeper": keeper,
        "run": found,
        "label": _label(found),
        "took": _took(found),
        "in_vain": ingest.waits_in_vain(found),
        "was_read": found.state in {ImportRun.State.DONE, ImportRun.State.TAKEN_BACK},
        "private": (private := is_private(found.source)),
        "fates": [] if private else [(label, getattr(found, name)) for name, label in FATES],
        "evidence": ingest.seen_in(found.facts),
        "new": ingest.new_of(found.facts),
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "kept_days": settings.REJECTED_KEPT_DAYS,
        "goes": _goes(found) if keeper.takes_back and found.state == ImportRun.State.DONE else None,
    }
    return _render(request, "run", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def send(request: HttpRequest) -> HttpResponse:
    """Choose a file, see what it holds, then store it."""
    keeper = _keeper(request)
    if not keeper.sends:
        raise Http404
    if request.method == "POST" and "ticket" in request.POST:
        return _store(request)
    form = sending.SendForm(request.POST or None, request.FILES or None, initial={"source": request.GET.get("source", "")})
    looked = None
    if request.method == "POST" and form.is_valid():
        try:
            looked = sending.look(form.cleaned_data["file"], form.cleaned_data["source"], form.chosen(), f"user:{request.user.pk}")
        except (Refused, DatabaseError, OSError) as problem:
            form.add_error("file", sentence(problem))
    return _render(request, "send", {"form": form, "looked": looked}, status=400 if form.errors else 200)


def _store(request: HttpRequest) -> HttpResponse:
    try:
        run, existed = sending.store(request.POST["ticket"], request.user)
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("data-send")
    messages.info(request, same_file(run) if existed else _("The file is kept and will be read in the background."))
    return redirect("data-run", run=run.pk)


@require_POST
@login_required
def correct(request: HttpRequest, run: int) -> HttpResponse:
    """Send the rows as they stand in the form; what is wrong again is rejected again."""
    keeper = _keeper(request)
    found = _run(keeper, run)
    if not keeper.sends or is_private(found.source):
        raise Http404
    rows: dict[int, dict[str, str]] = defaultdict(dict)
    for name, value in request.POST.items():
        if (cell := CELL.fullmatch(name)) and isinstance(value, str):
            rows[int(cell[1])][cell[2]] = value
    chosen = {int(line) for line in request.POST.getlist("line") if line.isdecimal() and len(line) < 19}
    wanted = {line: cells for line, cells in rows.items() if line in chosen}
    if not wanted:
        messages.error(request, _("Tick the rows you corrected."))
        return redirect("data-run", run=found.pk)
    try:
        new, existed = correcting.send_corrected(found, wanted, request.user)
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("data-run", run=found.pk)
    messages.info(
        request,
        same_file(new) if existed else _("The corrected rows are a file of their own and will be read in the background."),
    )
    return redirect("data-run", run=new.pk)


@require_POST
@login_required
def take_back(request: HttpRequest, run: int) -> HttpResponse:
    """Delete the rows this file brought, once that was confirmed."""
    keeper = _keeper(request)
    found = _run(keeper, run)
    if not keeper.takes_back:
        raise Http404
    if request.POST.get("sure") != str(found.pk):
        messages.error(request, _("Tick that you want these rows deleted."))
        return redirect("data-run", run=found.pk)
    try:
        messages.info(request, taken_back(found, ingest.take_back(found)))
    except Refused as problem:
        messages.error(request, str(problem))
    tasks.ring(tasks.roll_up)
    return redirect("data-run", run=found.pk)


@require_safe
@login_required
def rejected(request: HttpRequest, run: int) -> HttpResponse:
    """Every row that was not taken, as a file to be corrected."""
    keeper = _keeper(request)
    found = _run(keeper, run)
    if not keeper.sends:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="rejected_run_{found.pk}.csv"', "Cache-Control": "private, no-store"}
    return HttpResponse(rejected_rows_csv(found), content_type="text/csv; charset=utf-8", headers=headers)


def _keeper(request: HttpRequest) -> Keeper:
    keeper = keeper_of(request.user)
    if not keeper.sees:
        raise Http404
    return keeper


def _run(keeper: Keeper, run: int) -> ImportRun:
    found = ImportRun.objects.select_related("source__site", "created_by", "mapping").filter(pk=run).first() if keeper.sees_runs else None
    if found is None:
        raise Http404
    return found


def _label(run: ImportRun) -> str:
    known = source_known(run.source)
    return str(known.label) if known else run.source.format


def _took(run: ImportRun) -> timedelta | None:
    """Whole seconds from the start of the last attempt to its end."""
    if run.started_at is None or run.finished_at is None:
        return None
    return timedelta(seconds=round((run.finished_at - run.started_at).total_seconds()))


def _goes(run: ImportRun) -> ingest.TakenBack | None:
    """None where nobody here knows what its file held."""
    try:
        return ingest.would_take_back(run)
    except Refused:
        return None


def _render(request: HttpRequest, page: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = render(request, f"kpi/data/{page}.html", context, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer
