"""What the stages share of Dagster; imports the ontology only."""

import warnings

import dagster as dg

# Single-run backfills and partitioned checks are beta in the pinned version; said once, here.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)
