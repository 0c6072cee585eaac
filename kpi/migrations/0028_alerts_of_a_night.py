"""A further kind of mail: the alerts of one night together."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0027_entered_at_of_plans'),
    ]

    operations = [
        migrations.AlterField(
            model_name='sending',
            name='kind',
            field=models.CharField(choices=[('digest', 'digest'), ('late', 'the night is not complete'), ('alert', 'alert'), ('alerts', 'alerts of one night')], max_length=8, verbose_name='kind'),
        ),
    ]
