"""What the store learns of the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_editor.storage import host

MOUNTS = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:26 / /home rw - nfs4 server:/home rw
31 30 0:27 / /home/ann/my\\040disk rw - fuse.sshfs host:/ rw
32 22 8:1 / /mnt/usb rw master:2 shared:3 - fuseblk /dev/sda1 rw
33 22 0:9 / /mnt/usb rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/etc", "ext4"),
        ("/home", "nfs4"),
        ("/home/bo/project", "nfs4"),
        ("/home/ann/my disk/x", "fuse.sshfs"),
        ("/homes", "ext4"),
        ("/mnt/usb/a", "tmpfs"),
    ],
)
def test_a_path_lies_on_its_deepest_and_newest_mount(path: str, kind: str) -> None:
    assert kind == host.file_system(Path(path), MOUNTS)


@pytest.mark.parametrize(
    ("kind", "network"),
    [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("ext4", False), ("fuseblk", False), ("", False)],
)
def test_network_file_systems_are_known(kind: str, *, network: bool) -> None:
    assert network == host.is_network(kind)


def test_own_process_is_alive_and_an_impossible_one_is_not() -> None:
    assert host.pid_alive(os.getpid())
    assert not host.pid_alive(2**22 + 1)
    assert host.pid_alive(0)


def test_the_clock_since_boot_does_not_go_back() -> None:
    first, second = host.now(), host.now()

    assert first.boot_ms <= second.boot_ms
    assert first.boot_id == second.boot_id
