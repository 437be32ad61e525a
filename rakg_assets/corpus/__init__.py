"""Stage 2: sentences of the records, and the labels that models learn from."""
