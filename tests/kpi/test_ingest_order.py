"""Any order, any split and any number of repeats of the files store the same rows."""

import csv
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi import ingest
from kpi.models import DueDay, ImportRun, Interaction

COLUMNS = ("external_id", "started_at", "channel", "queue", "team", "customer_id", "talk_s")
ROWS = [
    (f"c{n}", f"2026-03-{1 + n % 4:02d}T{n:02d}:30:00Z", ("voice", "chat")[n % 2], "care", ("Lark", "Wren")[n % 2], f"k{n % 3}", str(n))
    for n in range(12)
]
CONTENT = ("external_id", "started_at", "day", "channel__code", "team__code", "customer", "talk_s", "site__code", "role")


def store(rows: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "part.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *rows])
        run, existed = ingest.open_run(path, "interactions_csv")
        if not existed:
            assert ingest.store(run.pk).state == "done"


def stored() -> list[tuple[object, ...]]:
    return list(Interaction.objects.order_by("external_id").values_list(*CONTENT))


def forget_all() -> None:
    for model in (Interaction, ImportRun, DueDay):
        model.objects.all().delete()


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(ROWS), cuts=st.lists(st.integers(1, 11), max_size=3), repeats=st.lists(st.integers(0, 3), max_size=3))
def test_order_split_and_repetition_do_not_matter(order: list[tuple[str, ...]], cuts: list[int], repeats: list[int]) -> None:
    forget_all()
    store(ROWS)
    whole, days = stored(), set(DueDay.objects.values_list("day", flat=True))
    forget_all()
    parts = [order[first:last] for first, last in pairwise([0, *sorted(set(cuts)), len(order)])]
    for part in [*parts, *(parts[number % len(parts)] for number in repeats), order[:5] + order[:2]]:
        store(part)
    assert stored() == whole
    assert set(DueDay.objects.values_list("day", flat=True)) == days
    for run in ImportRun.objects.all():
        assert run.lines == run.new + run.changed + run.unchanged + run.repeated + run.rejected
