"""rakg."""
