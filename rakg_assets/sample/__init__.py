"""The sample: hand-written annotated records, and a generator of inboxes for scale and show."""
