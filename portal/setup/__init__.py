"""Sets the checkout up: virtual environment, packages of Python and npm.

Runs on the machine's own Python, before anything is installed: only the standard library is imported here.
"""
