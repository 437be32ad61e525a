"""The words of the domain; imports nothing of the other stages."""
