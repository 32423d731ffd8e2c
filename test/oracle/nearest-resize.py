"""Writes nearest-resize.json beside it: which pixels PyTorch's nearest interpolation shows.

In a virtual environment, only to make the file anew (recorded with torch 2.15.0):
    pip install -r test/oracle/requirements.txt
    python test/oracle/nearest-resize.py

By the old side, then by the new side: the index of the old pixel at each new one, from
torch.nn.functional.interpolate(mode="nearest").
"""

import json
from pathlib import Path

import torch

NEW_SIDES = [*range(8, 41), 64, 100]


def nearest(old, new):
    line = torch.arange(old, dtype=torch.float32).reshape(1, 1, 1, old)
    square = line.expand(1, 1, old, old)
    resized = torch.nn.functional.interpolate(square, size=(new, new), mode="nearest")
    return resized[0, 0, 0].to(torch.int64).tolist()


recorded = {old: {new: nearest(old, new) for new in NEW_SIDES} for old in (28, 32)}
text = json.dumps({"torch": torch.__version__.split("+")[0], "sides": recorded}, separators=(",", ":"))
Path(__file__).with_suffix(".json").write_text(text + "\n")
