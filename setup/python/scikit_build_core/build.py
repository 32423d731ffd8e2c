"""Stands in for the build backend of ale-py, whose source we unpack and compile ourselves.

`pip download` asks a source distribution's backend for metadata before it hands the archive over, and the true backend
wants a C++ library manager and more for that. This one answers with a name, so that nothing of the archive is run.
"""

import os


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = "ale_py-0.12.1.dist-info"
    os.makedirs(os.path.join(metadata_directory, folder), exist_ok=True)
    with open(os.path.join(metadata_directory, folder, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\nName: ale-py\nVersion: 0.12.1\n")
    return folder
