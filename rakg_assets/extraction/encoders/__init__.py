"""Encoders of text: read, trained by masked language modelling, tuned, pruned, written."""
