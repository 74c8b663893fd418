"""The reference load: as many records as twenty years bring, made from a seed, to measure the portal with."""
