"""The command `sanctionsim explore`: a page in the browser, served from this machine."""

import errno
import socket
from importlib.util import find_spec

import click

from sim.cli import anything, command, number, setting
from sim.errors import InputError

MOST_PORT = 65535


@command()
@setting(
    "port",
    "N",
    number(int, 1, MOST_PORT, f"must be a whole number from 1 to {MOST_PORT}"),
    default=8642,
    help="port that the page is served at",
)
@setting(
    "host",
    "NAME",
    anything,
    default="127.0.0.1",
    help="address that it is served at; 0.0.0.0 lets others in, who then use this machine",
)
@click.option("--no-browser", is_flag=True, help="serve the page, but open no browser")
def main(port: int, host: str, no_browser: bool) -> None:
    """Open a page in the browser: turn levers, play a run, see what came of it.

    For example:
      sanctionsim explore                  opens http://127.0.0.1:8642
      sanctionsim explore port=9000        at another port

    Stop it with Ctrl-C. It needs NiceGUI: pip install 'sanctionsim[explore]'.
    """
    check(host, port)
    from sim.explore.app import serve

    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    print(f"The explorer is at http://{shown}:{port}; Ctrl-C stops it.", flush=True)
    serve(host, port, not no_browser)


def check(host: str, port: int) -> None:
    """Raise InputError unless NiceGUI is there and the port is free."""
    if find_spec("nicegui") is None:
        raise InputError(
            "the explorer needs NiceGUI, which is not installed: pip install 'sanctionsim[explore]'"
        )
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except socket.gaierror:
        raise InputError(f"host must be an address of this machine; found '{host}'") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                f"port {port} is taken; choose another, for instance port={port % MOST_PORT + 1}"
            ) from None
        raise InputError(
            f"host={host} port={port} cannot be served ({error.strerror}); try host=127.0.0.1 "
            "and a port above 1023"
        ) from None
