"""The graph in a Neo4j server: writing it by difference, and starting a server of one's own."""
