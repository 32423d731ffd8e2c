"""Writes files in the format of CIFAR-10's binary version: python cifar-files.py FOLDER [RECORDS].

RECORDS (default 3) go into each of the six files. Record r of file f (0 to 5, the test batch last) has the label
(3 f + r) % 10, and the pixel (f + 7 r + 64 channel + 2 row + 3 column) % 256.
"""

import sys
from pathlib import Path

NAMES = [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]


def record(f, r):
    pixels = [
        (f + 7 * r + 64 * channel + 2 * row + 3 * column) % 256
        for channel in range(3)
        for row in range(32)
        for column in range(32)
    ]
    return bytes([(3 * f + r) % 10, *pixels])


def main(folder, records="3"):
    for f, name in enumerate(NAMES):
        content = b"".join(record(f, r) for r in range(int(records)))
        Path(folder, name).write_bytes(content)


if __name__ == "__main__":
    main(*sys.argv[1:])
