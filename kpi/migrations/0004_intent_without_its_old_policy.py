"""The old column goes once its content was carried over: apart, for PostgreSQL alters no table with rows just referred to."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("kpi", "0003_intent_policy"),
    ]

    operations = [
        migrations.RemoveField(model_name="intent", name="ai_policy"),
    ]
