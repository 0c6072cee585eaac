"""A list of contacts can be opened as XLSX too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0029_alerts_of_a_night'),
    ]

    operations = [
        migrations.AlterField(
            model_name='listopened',
            name='surface',
            field=models.CharField(choices=[('page', 'page'), ('csv', 'CSV file'), ('xlsx', 'XLSX file'), ('json', 'JSON')], max_length=4, verbose_name='as'),
        ),
    ]
