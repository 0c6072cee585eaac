"""Tables emptied after a test that commits: only those that hold rows, and what a trigger keeps for ever as well.

Django would give every table of PostgreSQL new files, five hundred of them, each time; on SQLite it would be refused by the triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

FOR_EVER = "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND tgtype & 8 <> 0"  # on DELETE
TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def sql_flush(operations: BaseDatabaseOperations, style: Any, tables: list[str], **options: Any) -> list[str]:
    """In the place of Django's, for the same one transaction."""
    name = operations.quote_name
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name(table)})" for table in tables))
        filled = [table for (table,) in cursor.fetchall()]
        deleted = [f"DELETE FROM {name(table)}" for table in filled]
        if connection.vendor == "sqlite":
            cursor.execute(TRIGGERS)
            triggers = cursor.fetchall()
            return [f"DROP TRIGGER {name(trigger)}" for trigger, _sql in triggers] + deleted + [sql for _trigger, sql in triggers]
        cursor.execute(FOR_EVER)
        kept = {table for (table,) in cursor.fetchall()}.intersection(filled)
    return [f"TRUNCATE {', '.join(map(name, sorted(kept)))} CASCADE"] * bool(kept) + deleted
