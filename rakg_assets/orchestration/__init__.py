"""What the stages share of Dagster; imports the ontology only."""
