"""Rules of what people plan."""
