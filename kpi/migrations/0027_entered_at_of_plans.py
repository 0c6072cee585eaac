"""When a target or an initiative was entered may be given, as the reference centre does; the tables and their triggers stay as they are."""

import django.utils.timezone
from django.db import migrations, models

ENTERED = models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="entered at")


class Migration(migrations.Migration):
    dependencies = [("kpi", "0026_connections")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AlterField(model, "entered_at", ENTERED) for model in ("target", "initiative")]
        )
    ]
