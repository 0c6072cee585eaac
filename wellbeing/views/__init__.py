"""The pages of the built-in survey."""
