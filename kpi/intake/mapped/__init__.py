"""Pages on which a file nobody wrote a source for is mapped: what the file is, its columns, their cells, what storing it would do."""
