"""Mentions become concepts, concepts become triples: linking, review, rules, support."""
