"""One staged file against the table: what repeats, what clashes, what is the same, what differs, what is new.

The same statements count for a preview and store for an import; only `update` and `insert` write.
"""

# ruff: noqa: S608 - names of tables and columns come from the models, values are parameters or ids

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.ingest.layout import Layout
from kpi.ingest.order import ALONE, Order
from kpi.ingest.staging import drop, make, number, postgres, quoted, sql, temporary, values


@dataclass
class Merge:
    """The staging of one kind of record; `source` is the id of the data source (0 when it does not exist yet)."""

    layout: Layout
    source: int
    place: int = 0  # several kinds of record may come from one file
    found: int = 0  # staged rows that are stored already
    overtaken: int = 0  # those of them that a later file has otherwise, and which stay so

    @property
    def staged(self) -> str:
        return f"cw_staged_{self.place}"

    @property
    def match(self) -> str:
        return f"cw_match_{self.place}"

    @property
    def renamed(self) -> str:
        return f"cw_codes_{self.place}"

    def open(self) -> None:
        self.close()
        make(self.staged, self.layout)

    def close(self) -> None:
        drop(self.match, self.staged, self.renamed, f"{self.staged}_twice")

    def analyze(self) -> None:
        """Without it PostgreSQL plans the merge for an empty table. Only this column is ever joined or grouped."""
        if postgres():
            sql(f"ANALYZE {self.staged} (external_id)")

    def drop_repeats(self) -> tuple[int, Sequence[tuple[str, str]]]:
        """Rows whose id occurs before with the same content go and are counted; ids that occur with different content
        go altogether and are returned with their lines."""
        twice = f"{self.staged}_twice"
        sql(f"CREATE TEMP TABLE {twice} AS SELECT external_id, min(rid) AS rid FROM {self.staged} GROUP BY external_id HAVING count(*) > 1")
        if not number(f"SELECT count(*) FROM {twice}"):
            return 0, ()
        clash = (
            f"SELECT DISTINCT s.external_id FROM {self.staged} s JOIN {twice} t ON t.external_id = s.external_id "
            f"JOIN {self.staged} f ON f.rid = t.rid WHERE {self._differs('s', 'f')}"
        )
        joined = "string_agg(CAST(line AS text), ' ' ORDER BY line)" if postgres() else "group_concat(line, ' ')"
        clashes = values(
            f"SELECT external_id, {joined} FROM {self.staged} WHERE external_id IN ({clash}) GROUP BY external_id ORDER BY min(line)"
        )
        with temporary():
            sql(f"DELETE FROM {self.staged} WHERE external_id IN ({clash})")
            repeated = sql(
                f"DELETE FROM {self.staged} WHERE external_id IN (SELECT external_id FROM {twice}) AND rid NOT IN (SELECT rid FROM {twice})"
            )
        return repeated, [(str(name), str(lines)) for name, lines in clashes]

    def rename_codes(self, created: dict[str, dict[int, int]]) -> None:
        """New teams, queues, ... have their ids now: {column: {staged id: real id}}."""
        changes = [(column, old, new) for column, ids in created.items() for old, new in ids.items()]
        if not changes:
            return
        sql(f"CREATE TEMP TABLE {self.renamed} (field text, old bigint, new bigint, PRIMARY KEY (field, old))")
        for start in range(0, len(changes), 300):
            part = changes[start : start + 300]
            marks = ", ".join(["(%s, %s, %s)"] * len(part))
            sql(f"INSERT INTO {self.renamed} VALUES {marks}", [cell for row in part for cell in row])

    def incoming(self, created: dict[str, dict[int, int]]) -> str:
        """The staged rows as they will be stored, as a subquery."""
        columns: list[str] = []
        joins: list[str] = []
        for name in self.layout.columns:
            if created.get(name):
                alias = f"r{len(joins)}"
                joins.append(f"LEFT JOIN {self.renamed} {alias} ON {alias}.field = '{name}' AND {alias}.old = s.{quoted(name)}")
                columns.append(f"COALESCE({alias}.new, s.{quoted(name)}) AS {quoted(name)}")
            else:
                columns.append(f"s.{quoted(name)}")
        return f"(SELECT s.rid, s.line, {', '.join(columns)} FROM {self.staged} s {' '.join(joins)})"

    def compare(self, incoming: str, order: Order = ALONE) -> tuple[int, int]:
        """Find the stored row of every staged one: (how many are to be changed, how many stay as they are)."""
        rid = "rid bigint" if postgres() else "rid INTEGER PRIMARY KEY"
        sql(f"CREATE TEMP TABLE {self.match} ({rid}, id bigint, differs boolean)")
        sql(
            f"INSERT INTO {self.match} SELECT s.rid, t.id, {self._differs('s', 't')} FROM {incoming} s "
            f"JOIN {quoted(self.layout.table)} t ON t.source_id = {self.source} AND t.external_id = s.external_id"
        )
        self.overtaken = self._leave(order.later) if order.later else 0
        changed, self.found = map(int, values(f"SELECT count(CASE WHEN differs THEN 1 END), count(*) FROM {self.match}")[0])
        if postgres() and self.found:
            sql(f"ANALYZE {self.match} (rid, id)")
        return changed, self.found - changed

    def _leave(self, later: str) -> int:
        """Rows that a later file wrote are not taken back to what an older one says; how many differ."""
        stored = f"SELECT 1 FROM {quoted(self.layout.table)} t WHERE t.id = {self.match}.id AND {later}"
        return sql(f"UPDATE {self.match} SET differs = FALSE WHERE differs AND EXISTS ({stored})")

    def confirm(self, before_open: str, run: int) -> int:
        """Rows that stay as they are were said once more by this run: an older file that is still to come must not change them."""
        same = f"SELECT m.id FROM {self.match} m WHERE NOT m.differs"
        return sql(f"UPDATE {quoted(self.layout.table)} AS t SET run_id = {run} WHERE t.id IN ({same}) AND {before_open}")

    def confirmed(self, before_open: str) -> str:
        """The stored rows that `confirm` will write to and whose flags are not computed yet, as a subquery."""
        unknown = " OR ".join(f"t.{quoted(name)} IS NULL" for name in self.layout.computed[:1]) or "FALSE"
        return (
            f"(SELECT t.* FROM {self.match} m JOIN {quoted(self.layout.table)} t ON t.id = m.id "
            f"WHERE NOT m.differs AND {before_open} AND ({unknown}))"
        )

    def first_fates(self, count: int) -> dict[int, str]:
        """{line: new, changed or unchanged} of the first lines that would be stored."""
        fate = "CASE WHEN m.rid IS NULL THEN 'new' WHEN m.differs THEN 'changed' ELSE 'unchanged' END"
        rows = f"SELECT s.line, {fate} FROM {self.staged} s LEFT JOIN {self.match} m ON m.rid = s.rid ORDER BY s.line LIMIT {count:d}"
        return {int(line): str(found) for line, found in values(rows)}

    def update(self, incoming: str, run: int) -> int:
        content = [quoted(name) for name in self.layout.names]
        sets = [f"{name} = s.{name}" for name in content] + [f"{name} = NULL" for name in self.layout.computed] + [f"run_id = {run}"]
        table = quoted(self.layout.table)
        return sql(
            f"UPDATE {table} SET {', '.join(sets)} FROM {incoming} s, {self.match} m "
            f"WHERE m.differs AND s.rid = m.rid AND {table}.id = m.id"
        )

    def insert(self, incoming: str, run: int) -> int:
        names = ", ".join(quoted(name) for name in self.layout.columns)
        return sql(
            f"INSERT INTO {quoted(self.layout.table)} (source_id, run_id, first_run_id, {names}) "
            f"SELECT {self.source}, {run}, {run}, {names} FROM {incoming} s {self.absent()}"
        )

    def absent(self) -> str:
        """Restricts `s` to rows that were not stored before."""
        if not self.found:
            return ""
        return f"WHERE NOT EXISTS (SELECT 1 FROM {self.match} m WHERE m.rid = s.rid)"

    def differing(self) -> str:
        """The stored rows that an update will change, as a subquery."""
        return f"(SELECT t.* FROM {self.match} m JOIN {quoted(self.layout.table)} t ON t.id = m.id WHERE m.differs)"

    def not_the_same(self) -> str:
        """Restricts `s` to rows that are new or changed."""
        if not self.found:
            return ""
        return f"WHERE NOT EXISTS (SELECT 1 FROM {self.match} m WHERE m.rid = s.rid AND NOT m.differs)"

    def _differs(self, left: str, right: str) -> str:
        unequal = "IS DISTINCT FROM" if postgres() else "IS NOT"
        return "(" + " OR ".join(f"{left}.{quoted(name)} {unequal} {right}.{quoted(name)}" for name in self.layout.names) + ")"
