"""Places in the navigation: one file, one page."""
