"""The AI policy of an intent becomes a row of its own with the day from which it holds; what stood there holds from the beginning."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CARRIED_OVER = "as it stood before policies had versions"


def carry_over(apps, schema_editor):
    Intent, IntentPolicy = apps.get_model("kpi", "Intent"), apps.get_model("kpi", "IntentPolicy")
    IntentPolicy.objects.bulk_create(
        IntentPolicy(intent=intent, policy=intent.ai_policy, valid_from=datetime.date(1990, 1, 1), signed_by="", note=CARRIED_OVER)
        for intent in Intent.objects.all()
    )


def carry_back(apps, schema_editor):
    IntentPolicy = apps.get_model("kpi", "IntentPolicy")
    for version in IntentPolicy.objects.order_by("valid_from", "pk").select_related("intent"):
        version.intent.ai_policy = version.policy
        version.intent.save(update_fields=["ai_policy"])


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("kpi", "0002_forgotten_days"),
    ]

    operations = [
        migrations.CreateModel(
            name="IntentPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("policy", models.CharField(choices=[("ai_may_handle", "AI may handle"), ("ai_may_offer", "AI may offer"), ("people_only", "people only")], max_length=16, verbose_name="AI policy")),
                ("valid_from", models.DateField(verbose_name="in force from")),
                ("signed_by", models.CharField(max_length=120, verbose_name="signed by")),
                ("note", models.CharField(blank=True, max_length=255, verbose_name="note")),
                ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="entered at")),
                ("entered_by", models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("intent", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="policies", to="kpi.intent", verbose_name="intent")),
            ],
            options={
                "verbose_name_plural": "intent policies",
                "ordering": ["intent", "valid_from", "pk"],
                "indexes": [models.Index(fields=["intent", "valid_from"], name="intent_policy_in_force")],
            },
        ),
        migrations.RunPython(carry_over, carry_back),
    ]
