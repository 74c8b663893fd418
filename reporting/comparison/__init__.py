"""What differs between two frozen texts: pure functions over two snapshots.

`units` takes a snapshot apart, `match` finds what became of each part, `words` compares two texts word by word,
`changes` puts the three together, and `plain` writes the outcome as a text file.
"""
