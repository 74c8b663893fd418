"""The API of what is derived, and the address where a program begins."""
