"""One file is one kind of pull: how a vendor is asked for the records that a source reads."""
