"""When the customer came back: flags of all who did are computed again at the next roll-up, and all days are rolled up with them."""

from django.db import migrations, models
from django.db.models import F


def all_due(apps, schema_editor):
    schema_editor.execute("INSERT INTO kpi_duekey (customer) SELECT DISTINCT customer FROM kpi_interaction WHERE returned AND customer IS NOT NULL")
    apps.get_model("kpi", "DueDay").objects.filter(subject="interaction", forgotten_at=None).update(due=F("due") + 1)


class Migration(migrations.Migration):

    dependencies = [
        ("kpi", "0008_holidays"),
    ]

    operations = [
        migrations.AddField(
            model_name="interaction",
            name="repeat_day",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.RunPython(all_due, migrations.RunPython.noop),
    ]
