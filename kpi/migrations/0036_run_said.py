from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0035_run_stands_for'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrun',
            name='said',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
