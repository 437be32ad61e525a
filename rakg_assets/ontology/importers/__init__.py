"""Importers of the official term lists that hospitals hold; the lists themselves never ship."""
