"""A team with totals keeps its site, whoever asks: a closed wave, and every total, counts it where it was. A later migration that rebuilds
the table on SQLite has to forbid it anew, for there the trigger goes with the old table."""

from django.db import migrations

SAYS = "totals of this team stand at its site: add a new team at the other site"
COUNTED = "EXISTS (SELECT 1 FROM kpi_rollup WHERE dimension = 'team' AND member = OLD.id)"


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION kpi_team_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.site_id <> NEW.site_id AND {COUNTED} "
            f"THEN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
        )
        schema_editor.execute("CREATE TRIGGER kpi_team_stays BEFORE UPDATE OF site_id ON kpi_team FOR EACH ROW EXECUTE FUNCTION kpi_team_stays()")
    else:
        schema_editor.execute(
            f"CREATE TRIGGER kpi_team_stays BEFORE UPDATE OF site_id ON kpi_team WHEN OLD.site_id <> NEW.site_id AND {COUNTED} "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )


def allow(apps, schema_editor):
    on = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute("DROP TRIGGER kpi_team_stays" + (" ON kpi_team" if on else ""))
    if on:
        schema_editor.execute("DROP FUNCTION kpi_team_stays()")


class Migration(migrations.Migration):

    dependencies = [
        ("kpi", "0010_opened_lists"),
    ]

    operations = [
        migrations.RunPython(forbid, allow),
    ]
