"""A small reader of SAS transport files by the record layout of TS-140, for tests only: nothing of the product in it."""

import struct
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Member:
    name: str
    label: str
    created: str
    variables: list[dict[str, object]]
    data: bytes


def ibm(raw: bytes) -> float | None:
    if raw[0] in b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ" and raw[1:] == bytes(7):
        return None
    sign, exponent = (-1 if raw[0] & 128 else 1), (raw[0] & 127) - 64
    return sign * int.from_bytes(raw[1:], "big") / 2**56 * 16.0**exponent


def read(path: Path) -> Member:
    raw = path.read_bytes()
    name = raw[408:416].decode().strip()
    created = raw[464:480].decode()
    label = raw[512:552].decode().strip()
    count = int(raw[560 + 54 : 560 + 58])
    variables = []
    for i in range(count):
        record = raw[640 + i * 140 : 640 + (i + 1) * 140]
        kind, _, length, _ = struct.unpack(">hhhh", record[:8])
        form = record[56:64].decode().strip()
        width, decimals = struct.unpack(">hh", record[64:68])
        position = struct.unpack(">l", record[84:88])[0]
        variables.append(
            {
                "name": record[8:16].decode().strip(),
                "label": record[16:56].decode().strip(),
                "type": "number" if kind == 1 else "text",
                "length": length,
                "format": (form, width, decimals),
                "position": position,
            }
        )
    start = 640 + -(-count * 140 // 80) * 80 + 80
    return Member(name, label, created, variables, raw[start:])
