"""Rules about where the freed hours went: one file, one rule."""
