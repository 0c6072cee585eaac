"""Ways in without a person at the keyboard: the API and the watched folder."""
