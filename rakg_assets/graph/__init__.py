"""Stage 5: the graph, its stores, exports, ranking, report and expert evaluation."""
