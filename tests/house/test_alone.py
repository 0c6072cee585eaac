"""Tests reach nothing outside this machine, and keep their files to themselves."""

import socket
import tempfile
from pathlib import Path

import pytest
from django.conf import settings


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org"])
def test_another_host_cannot_be_reached(host: str) -> None:
    with pytest.raises(RuntimeError, match="tests have no network"):
        socket.create_connection((host, 80), timeout=1)


def test_files_of_a_test_lie_in_a_folder_of_its_process() -> None:
    assert Path(settings.DATA_DIR).is_relative_to(tempfile.gettempdir())
    assert Path(settings.MEDIA_ROOT).is_relative_to(settings.DATA_DIR)
