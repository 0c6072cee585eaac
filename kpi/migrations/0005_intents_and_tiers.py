"""Totals by intent and by value tier: days that were rolled up without them are due again."""

from django.db import migrations, models
from django.db.models import F


def all_due(apps, schema_editor):
    apps.get_model("kpi", "DueDay").objects.filter(subject="interaction", forgotten_at=None).update(due=F("due") + 1)


class Migration(migrations.Migration):

    dependencies = [
        ("kpi", "0004_intent_without_its_old_policy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Slice",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("dimension", models.CharField(max_length=8)),
                ("site", models.IntegerField()),
                ("value", models.CharField(max_length=12)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("dimension", "site", "value"), name="slice_once")],
            },
        ),
        migrations.RunPython(all_due, migrations.RunPython.noop),
    ]
