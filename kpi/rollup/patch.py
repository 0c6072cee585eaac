"""Changed flags brought to the totals directly: a night touches a few contacts of each of the seven days before it, and
adding their difference costs a fraction of rolling those days up again. Exact, because all sums are of whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kpi import ledger, registry
from kpi.chains import FLAGS
from kpi.metric import Measure
from kpi.reporting import joined
from kpi.rollup import store, weeks
from kpi.rollup.vectors import ROW, Long, add_up, columns_of, count_slots, total_up
from kpi.slots import read_table
from kpi.subject import Subject

MOST = 50_000  # contacts; beyond that rolling up whole days is cheaper


def settle(changed: pl.DataFrame) -> None:
    """What becomes of the days of contacts whose flags changed (kpi.chains.refresh). Runs in its transaction.

    Days that stand are patched; days that are due anyway, or have contacts that were never rolled up, are marked due.
    """
    subject = registry.subjects()["interaction"]
    measures = [item for item in registry.measures_of("interaction") if set(FLAGS) & set(item.value.meta.root_names())]
    days = set(changed["day"].unique())
    ledger.hold(subject.key, days)
    known = changed.filter(pl.col("was_role").is_not_null())
    fresh = set(changed.filter(pl.col("was_role").is_null())["day"].unique())
    if known.height > MOST or any(measure.peak for measure in measures):
        ledger.mark_due(subject.key, days)
        return
    standing = ledger.renewed(subject.key, days - fresh)
    ledger.mark_due(subject.key, days - standing)
    rows = known.filter(pl.col("day").is_in(list(standing)))
    if measures and not rows.is_empty():
        _patch(rows, subject, measures)


def _patch(rows: pl.DataFrame, subject: Subject, measures: Sequence[Measure]) -> None:
    columns = columns_of(subject, measures) | set(FLAGS) | {"id"}
    assert subject.narrow is not None, "flags belong to a subject that can be narrowed"
    now = joined(subject.narrow(sorted(rows["day"].unique()), columns, rows["id"].to_list()))
    former = rows.select("id", *(pl.col(f"was_{name}").alias(name) for name in FLAGS))
    before = now.drop(FLAGS).join(former, on="id", how="left").select(now.columns)
    plus, minus = total_up(now, subject, measures), total_up(before, subject, measures)
    counts = count_slots(registry.measures_of(subject.key), read_table())
    difference = of_changed_rows(add_up(pl.concat([plus, minus.with_columns(-pl.col("value"))])))
    if not difference.is_empty():
        store.add(subject.key, store.DAY, difference, counts)
        weeks.shift(subject.key, difference, counts)


def of_changed_rows(difference: Long) -> Long:
    """Without rows in which nothing differs. In the others zeros stay: a sum that is zero where nothing was counted before
    has to be stored, or the total would look as if every record counted one."""
    changed = difference.filter(pl.col("value") != 0).select(ROW).unique()
    return difference.join(changed, on=ROW, how="semi")
