import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0034_second_factors'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrun',
            name='stands_for',
            field=models.ForeignKey(blank=True, editable=False, help_text='The run whose place among the files this one has: the same bytes that failed then, or rows of it, corrected.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='kpi.importrun', verbose_name='stands for'),
        ),
    ]
