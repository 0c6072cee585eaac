"""Rules about pairs: one file, one rule. A file whose name begins with an underscore holds what several of them share."""
