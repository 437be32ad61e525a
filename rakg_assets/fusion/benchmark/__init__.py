"""How well and how fast mentions are linked, beside general-purpose matchers."""
