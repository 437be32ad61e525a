"""Stage 3, from sentences to entities and relations: models, their training, their predictions."""
