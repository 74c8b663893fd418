"""Looks whether the port is free, before any long work."""

import socket

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Another program already uses port {port} of {HOST}. Stop it, or choose another port: "
            f"make demo PORT={port + 1 if port < 65535 else 8000}"
        )


def require_free(port: int) -> None:
    """Raise PortTaken if nobody could listen there now."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server does
        try:
            attempt.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise PortTaken(port) from error
