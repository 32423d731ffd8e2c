"""Writes envs/gym-js/src/seeding/ziggurat-tables.ts: the tables by which NumPy 2.4.6 draws normal and exponential numbers.

They are rounded in places as no formula rounds them (they were computed in double precision, step after step), so they
are taken from NumPy itself, out of the static library that its wheel carries for users of its C interface:

    python test/oracle/numpy-ziggurat.py > envs/gym-js/src/seeding/ziggurat-tables.ts
"""

import base64
import pathlib
import struct
import subprocess
import tempfile

import numpy

TABLES = {
    "normal": {"limit": "ki_double", "scale": "wi_double", "density": "fi_double"},
    "exponential": {"limit": "ke_double", "scale": "we_double", "density": "fe_double"},
}


def read_only_data(folder: pathlib.Path) -> tuple[bytes, dict[str, int]]:
    """The .rodata section of the object file with the distributions, and where each symbol begins in it."""
    library = pathlib.Path(numpy.__file__).parent / "random" / "lib" / "libnpyrandom.a"
    subprocess.run(["ar", "x", library], cwd=folder, check=True)
    (compiled,) = folder.glob("*_distributions.c.o")
    data = folder / "rodata"
    subprocess.run(["objcopy", "-O", "binary", "-j", ".rodata", compiled, data], check=True)
    symbols = subprocess.run(["nm", compiled], check=True, capture_output=True, text=True).stdout.splitlines()
    return data.read_bytes(), {name: int(at, 16) for at, kind, name in (line.split() for line in symbols if line[0] != " ")}


def literal(numbers: tuple[float, ...]) -> str:
    text = base64.b64encode(struct.pack("<256d", *numbers)).decode()
    return "\n".join(text[at : at + 116] for at in range(0, len(text), 116))


with tempfile.TemporaryDirectory() as folder:
    data, symbols = read_only_data(pathlib.Path(folder))

print("// Written by test/oracle/numpy-ziggurat.py: 256 little-endian doubles each, in base64.")
for distribution, tables in TABLES.items():
    print(f"export const {distribution}Tables = {{")
    for name, symbol in tables.items():
        at = symbols[symbol]
        # The limits are whole numbers below 2^53: exact as doubles.
        numbers = struct.unpack_from("<256Q" if name == "limit" else "<256d", data, at)
        print(f"  {name}: `\n{literal(tuple(map(float, numbers)))}`,")
    print("};")
