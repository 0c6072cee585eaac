"""The rules of what people plan: texts, targets, limits and verdicts. Pure: no database, no settings, no clock."""
