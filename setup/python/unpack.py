"""Unpacks a wheel or a .tar.gz: python unpack.py ARCHIVE FOLDER STRIP [--only PREFIX]... [--except PREFIX]...

STRIP leading folders are taken off each name; --only and --except compare with names before that. Prints "done total"
in bytes while it works. Both formats carry checksums, and Python compares them.
"""

import os
import shutil
import sys
import tarfile
import zipfile


def members(archive):
    """(name, size, open function, executable) of each file; links and devices are left out."""
    if zipfile.is_zipfile(archive):
        source = zipfile.ZipFile(archive)
        for info in source.infolist():
            if not info.is_dir():
                executable = bool(info.external_attr >> 16 & 0o100)
                yield info.filename, info.file_size, lambda info=info: source.open(info), executable
    else:
        source = tarfile.open(archive, "r:gz")
        for info in source.getmembers():
            if info.isfile():
                yield info.name, info.size, lambda info=info: source.extractfile(info), bool(info.mode & 0o100)


def main(archive, folder, strip, *filters):
    only = [value for flag, value in zip(filters[::2], filters[1::2]) if flag == "--only"]
    unwanted = [value for flag, value in zip(filters[::2], filters[1::2]) if flag == "--except"]
    wanted = [
        member
        for member in members(archive)
        if (not only or member[0].startswith(tuple(only))) and not member[0].startswith(tuple(unwanted))
    ]
    total = sum(size for _, size, _, _ in wanted)
    done = told = 0
    for name, size, opened, executable in wanted:
        parts = name.split("/")[int(strip) :]
        if not parts or any(part in ("", "..") for part in parts):
            raise ValueError(f"unsafe name in the archive: {name}")
        target = os.path.join(folder, *parts)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with opened() as source, open(target, "wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
        if executable:
            os.chmod(target, 0o755)
        done += size
        if done - told > total / 100 or done == total:
            told = done
            print(done, total, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
