"""Every component in its states, on one page, for those who build pages with them."""
