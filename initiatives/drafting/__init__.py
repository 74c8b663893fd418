"""What the draft of each kind of record holds: its form, what stands in a record, and how it is applied."""
