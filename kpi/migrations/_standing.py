"""Triggers of the database under which rows are added and read, whoever asks. Used by migrations alone; never changed once one of them ran.

A later migration that rebuilds one of the tables on SQLite has to forbid it anew: there the triggers go with the old table.
"""

SAYS = "what was signed is neither changed nor deleted"


def stand(schema_editor, *tables):
    """Neither UPDATE nor DELETE on these tables."""
    on = schema_editor.connection.vendor == "postgresql"
    if on:
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION kpi_signed_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END $$"
        )
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if on:
                schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION kpi_signed_stands()")
            else:
                schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END")


def release(schema_editor, *tables):
    """The way back."""
    on = schema_editor.connection.vendor == "postgresql"
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{verb.lower()}" + (f" ON {table}" if on else ""))
