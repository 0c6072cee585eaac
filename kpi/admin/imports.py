"""Sources, import runs and rejected rows."""
