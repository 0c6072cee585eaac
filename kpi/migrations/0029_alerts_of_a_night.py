"""A further kind of mail: the alerts of one night together."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0028_sender_use'),
    ]

    operations = [
        migrations.AlterField(
            model_name='subscription',
            name='kind',
            field=models.CharField(choices=[('digest', 'digest: the four measures'), ('alerts', 'alerts: one mail for each change, one for all of a night')], default='digest', max_length=8, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='sending',
            name='kind',
            field=models.CharField(choices=[('digest', 'digest'), ('late', 'the night is not complete'), ('alert', 'alert'), ('alerts', 'alerts of one night')], max_length=8, verbose_name='kind'),
        ),
    ]
