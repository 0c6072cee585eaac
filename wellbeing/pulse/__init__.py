"""The built-in survey: from opening a wave to the answers in the ordinary import."""
