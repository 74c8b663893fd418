"""The API of what is stored. Each module holds the records of one noun and the views that answer with them."""
