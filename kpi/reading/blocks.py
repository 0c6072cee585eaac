"""From records of text to accepted rows and rejected cells: one expression per column for the value and one for the problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kpi.cells import PROTECTION, Reader, expected, first_problem, in_iso, pseudonym, pseudonym_of, pseudonym_text
from kpi.reading.careful import BadRow
from kpi.reading.formats import columns_of
from kpi.reading.header import person_columns
from kpi.reading.keeping import Wrong, keep_safe
from kpi.reading.records import LINE, Records
from kpi.source import RECORD, Block, Cell, Column, DateOrder, Reading, Rejected, Source

MANY_REJECTED = 10_000  # a block is handed out in parts, so that rejected rows cannot fill the memory
SHOWN = 200  # characters of a cell that is named in a rejection
SYMBOL_FOR_NUL = "␀"
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
MARK = "!"  # a problem's column is its field with this before it
CHECK = "!!"  # ... where the cell could be read, and does not go with the others of its row
BATCH = "="  # a column read whole, before the others


@dataclass(frozen=True)
class Maker:
    """Makes blocks of one file. `present` are the source's columns that the file has."""

    source: Source
    reading: Reading
    present: Sequence[str]
    corrected: bool = False  # rejected rows that come back

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Columns that can hold a value: in the file, or made by `prepare`."""
        made = set(self._prepared(self._none()).columns)
        return tuple(column for column in self.source.columns if column.name in made)

    @cached_property
    def cells(self) -> dict[str, Cell]:
        return {column.field: column.read(pl.col(column.name), self.reading) for column in self.columns}

    @cached_property
    def types(self) -> dict[str, pl.DataType]:
        """The type of every field, also of columns that this file does not have."""
        every = {column.field: column.read(pl.col(column.name), self.reading).value for column in self.source.columns}
        blank = pl.DataFrame(schema=dict.fromkeys({column.name for column in self.source.columns}, pl.String))
        return dict(blank.select(**every).schema)

    @cached_property
    def persons(self) -> frozenset[str]:
        return person_columns(self.source.columns) | set(self.source.people)

    @cached_property
    def free(self) -> frozenset[str]:
        """Columns of free text."""
        return frozenset(column.name for column in self.columns if isinstance(column.read, Reader) and column.read.kind == "comment")

    def _is_code(self, column: Column) -> bool:
        return isinstance(column.read, Reader) and column.read.kind == "text"

    def _none(self) -> pl.DataFrame:
        record = {RECORD: pl.Int64} if self.source.join else {}
        return pl.DataFrame(schema={**dict.fromkeys(self.present, pl.String), LINE: pl.Int64, **record})

    def _prepared(self, raw: pl.DataFrame) -> pl.DataFrame:
        text = self.source.join.merge(raw) if self.source.join else raw
        return self.source.prepare(text) if self.source.prepare else text

    def blocks(self, records: Records) -> Iterator[Block]:
        """One block, or several where very much is wrong."""
        raw = records.frame
        if not records.ascii:
            raw = raw.with_columns(pl.col(pl.String).str.normalize("NFC"))
        if self.corrected:
            raw = raw.with_columns(pl.col(pl.String).str.replace(PROTECTION, "$1"))
        block = self._read(raw, records, whole=bool(self.source.join))
        if block is not None:
            yield block
            return
        for part in raw.iter_slices(MANY_REJECTED):
            whole = self._read(part, records, parts=False)
            if whole is not None:
                yield whole
        if records.bad:
            yield Block(self._read_good(self._none()), tuple(map(unreadable, records.bad)), len(records.bad))

    def _read_good(self, raw: pl.DataFrame) -> pl.DataFrame:
        return self._accepted(self._evaluated(self._prepared(raw), has_control=False))

    def _read(self, raw: pl.DataFrame, records: Records, *, parts: bool = True, whole: bool = False) -> Block | None:
        """None: too much is wrong for one block, and it may be taken apart."""
        text = self._prepared(raw)
        table = self._evaluated(text, has_control=records.has_control)
        marks = _marked(table)
        wrong = table.select(pl.any_horizontal(pl.col(marks).is_not_null())).to_series() if marks else None
        problems = table.filter(wrong) if wrong is not None else table.head(0)
        if parts and not whole and problems.height > MANY_REJECTED and raw.height > MANY_REJECTED:
            return None
        accepted = self._accepted(table.filter(~wrong) if wrong is not None else table)
        bad = tuple(map(unreadable, records.bad)) if parts else ()
        rejected = (*bad, *self._rejected(problems, marks, raw, text))
        lines, joined = table.height, 0
        if self.source.join:
            told = raw.filter(pl.col(RECORD).is_in(table[LINE].implode()))  # `prepare` may leave out what is no record of this source
            lines = told.height
            joined = lines - accepted.height - told.filter(pl.col(RECORD).is_in(problems[LINE].implode())).height
        return Block(accepted, tuple(sorted(rejected, key=lambda item: item.line)), lines + len(bad), joined)

    def _evaluated(self, text: pl.DataFrame, *, has_control: bool) -> pl.DataFrame:
        """Values under their fields, problems under !field. Columns without a single text are not worked through."""
        blank = {name for name in {column.name for column in self.columns} if text[name].null_count() == text.height}
        values: dict[str, pl.Expr] = {column.field: pl.lit(None, self.types[column.field]) for column in self.source.columns}
        problems: dict[str, pl.Expr] = {}
        for column in self.columns:
            cell = self._batched(column) or self.cells[column.field]
            cases = [(pl.col(column.name).is_null(), "missing")] if column.required else []
            if has_control:
                signs = CONTROL if column.person or self._is_code(column) else "\0"
                cases.append((pl.col(column.name).str.contains(signs), "control_character"))
            own = [] if column.name in blank else [cell.problem]
            if column.name not in blank:
                values[column.field] = cell.value
            if cases or own:
                problems[MARK + column.field] = pl.coalesce(*([first_problem(*cases)] if cases else []), *own)
        constants = {name: pl.lit(value) for name, value in self.source.constants.items()}
        text = self._read_whole(text, blank)
        table = text.lazy().select(LINE, **values, **constants, **problems).collect()
        return self._checked(table)

    def _read_whole(self, text: pl.DataFrame, blank: set[str]) -> pl.DataFrame:
        """Columns whose reader takes a whole column at once, beside the text."""
        made = []
        for column in self.columns:
            if column.name not in blank and isinstance(column.read, Reader) and column.read.batch:
                value, problem = column.read.batch(text[column.name], self.reading)
                made += [value.alias(BATCH + column.field), problem.alias(BATCH + MARK + column.field)]
        return text.with_columns(made)

    def _batched(self, column: Column) -> Cell | None:
        if not isinstance(column.read, Reader) or not column.read.batch:
            return None
        return Cell(pl.col(BATCH + column.field), pl.col(BATCH + MARK + column.field))

    def _checked(self, table: pl.DataFrame) -> pl.DataFrame:
        """Problems of the row as a whole, where each of its cells is fine."""
        checks = self.source.check(self.reading) if self.source.check else {}
        marks = _marked(table)
        fine = ~pl.any_horizontal(pl.col(marks).is_not_null()) if marks else pl.lit(True)
        return table.with_columns(**{CHECK + name: pl.when(fine).then(problem) for name, problem in checks.items()})

    def _accepted(self, table: pl.DataFrame) -> pl.DataFrame:
        return table.select(LINE, *(column.field for column in self.source.columns), *self.source.constants)

    def _rejected(self, problems: pl.DataFrame, marks: Sequence[str], raw: pl.DataFrame, text: pl.DataFrame) -> Iterator[Rejected]:
        if not problems.height:
            return
        members = _members(raw, problems[LINE]) if self.source.join else {line: [line] for line in problems[LINE]}
        lines = pl.Series(LINE, [line for group in members.values() for line in group], dtype=pl.Int64)
        cells = self._shown(raw, lines)
        prepared = cells if text is raw else self._shown(text, lines)
        turned = self._turned(raw)
        rows = self._shown(turned, lines) if turned is not raw else cells
        for found in problems.select(LINE, *marks).iter_rows(named=True):
            line = found[LINE]
            seen = prepared[line] if self.source.join else {**prepared[line], **cells[line]}
            told = (self._wrong(mark, found[mark], seen) for mark in marks if found[mark] is not None)
            wrong = list(dict.fromkeys(told))  # one cell may fill two fields
            yield from _reject(members[line], wrong, cells, rows, self.free)

    def _wrong(self, mark: str, code: str, seen: Mapping[str, str]) -> Wrong:
        name = mark.lstrip(MARK)
        name = next((column.name for column in self.source.columns if column.field == name), name)
        return Wrong(name, seen.get(name, "")[:SHOWN], code, self._expected(name, code), not mark.startswith(CHECK))

    def _expected(self, name: str, code: str) -> str:
        readers = [column.read for column in self.columns if column.name == name]
        return expected(code, next((reader.values for reader in readers if isinstance(reader, Reader)), ()))

    def _shown(self, frame: pl.DataFrame, lines: pl.Series) -> Mapping[int, dict[str, str]]:
        """The rows of these lines as text, without a name in them and without bytes a database refuses."""
        rows = frame.filter(pl.col(LINE).is_in(lines.implode())).select(LINE, *self._mask(frame.columns))
        return {row.pop(LINE): row for row in rows.iter_rows(named=True)}

    def _turned(self, raw: pl.DataFrame) -> pl.DataFrame:
        """Dates whose order this file alone showed are kept so that a few of its rows can be read without it."""
        if self.reading.date_order not in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST):
            return raw
        return raw.with_columns(
            in_iso(pl.col(name), self.reading).alias(name) for name in columns_of(self.source, raw.columns, "time", "day")
        )

    def _mask(self, columns: Sequence[str]) -> list[pl.Expr]:
        plain = [name for name in columns if name != LINE and name not in self.persons]
        shown = [pl.col(name).fill_null("").str.replace_all("\0", SYMBOL_FOR_NUL, literal=True) for name in plain]
        further = [Column(name, name, pseudonym, person=True) for name in self.source.people]
        readers = {column.name: column for column in (*further, *self.source.columns) if column.person}
        return [*shown, *(self._masked(readers[name]) for name in columns if name in readers)]

    def _masked(self, column: Column) -> pl.Expr:
        """A pseudonym in place of the person; a mark for “nobody” stays, a cell that could not be read is masked all the same."""
        cell = column.read(pl.col(column.name), self.reading)
        text = pl.col(column.name)
        key = self.reading.key

        def written(values: pl.Series) -> pl.Series:
            return pl.Series(values.name, [None if value is None else pseudonym_text(value) for value in values], dtype=pl.String)

        def hashed(values: pl.Series) -> pl.Series:
            return pl.Series(
                values.name, [None if value is None else pseudonym_text(pseudonym_of(value, key)) for value in values], dtype=pl.String
            )

        nobody = cell.value.is_null() & cell.problem.is_null()
        name = cell.value.map_batches(written, return_dtype=pl.String)
        unread = text.map_batches(hashed, return_dtype=pl.String)
        return pl.when(text.is_null()).then(pl.lit("")).when(nobody).then(text).otherwise(pl.coalesce(name, unread)).alias(column.name)


def _marked(table: pl.DataFrame) -> list[str]:
    """Columns of problems that hold any."""
    return [name for name in table.columns if name.startswith(MARK) and table[name].null_count() < table.height]


def _members(raw: pl.DataFrame, records: pl.Series) -> dict[int, list[int]]:
    """{the line of a record: the lines of all its rows}"""
    rows = raw.filter(pl.col(RECORD).is_in(records.implode())).sort(LINE).group_by(RECORD).agg(LINE)
    return dict(zip(rows[RECORD].to_list(), rows[LINE].to_list(), strict=True))


def _reject(
    lines: Sequence[int],
    wrong: Sequence[Wrong],
    cells: Mapping[int, Mapping[str, str]],
    rows: Mapping[int, Mapping[str, str]],
    free: frozenset[str],
) -> Iterator[Rejected]:
    """A record goes with all its rows, so that they can be corrected and sent together; each problem is told at the row that has it."""
    at: dict[int, list[Wrong]] = {line: [] for line in lines}
    for item in wrong:
        at[next((line for line in lines if item.found and cells[line].get(item.column) == item.found), lines[0])].append(item)
    for line in lines:
        kept = keep_safe(line, at[line], rows[line], free)
        yield from (Rejected(line, item.column, item.found, item.problem, item.expected, kept.row) for item in kept.problems)
        if not at[line]:
            yield Rejected(line, "", "", "goes_with_another", expected("goes_with_another"), kept.row)


def unreadable(row: BadRow) -> Rejected:
    """A row that could not be cut into cells; its content is not kept, since nobody knows which part is a name."""
    return Rejected(row.line, "", row.found, row.problem, expected(row.problem), {})
