"""How fast entities are found by the model that ships, beside a pipeline of transformers."""
