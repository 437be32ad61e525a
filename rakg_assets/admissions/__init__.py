"""Stage 1: raw records out of an inbox, de-identified, with everything refused kept aside."""
