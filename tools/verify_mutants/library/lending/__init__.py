"""Books, who lends them, and what is told about it."""
