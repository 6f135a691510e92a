import os
import socket

import pytest

from server.embedded import ports
from server.errors import Conflict, Invalid


def test_a_listener_is_inherited_and_takes_connections() -> None:
    with ports.open_listener("127.0.0.1", 0) as listener:
        assert listener.get_inheritable()
        with socket.create_connection(listener.getsockname(), timeout=2):
            pass


def test_a_taken_port_is_explained() -> None:
    with ports.open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert f"process {os.getpid()} (" in ports.port_owner(port)
        with pytest.raises(Conflict, match=rf"{os.getpid()}.*--port {port + 1}"):
            ports.open_listener("127.0.0.1", port)
    assert f"process {os.getpid()} (" not in ports.port_owner(port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Invalid, match=r"cannot listen on 192\.0\.2\.1"):
        ports.open_listener("192.0.2.1", 0)
