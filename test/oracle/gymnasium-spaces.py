"""Writes gymnasium-spaces.json beside it: what Gymnasium 1.4.0's spaces (NumPy 2.4.6) print, seed, sample, flatten and
batch, for spaces given as plain JSON, so that others can build the same.

    pip install gymnasium==1.4.0 numpy==2.4.6
    python test/oracle/gymnasium-spaces.py
"""

import json
import warnings
from pathlib import Path

import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils import batch_space

warnings.filterwarnings("ignore")


def box(low, high, shape, dtype="float32"):
    return {"type": "Box", "low": low, "high": high, "shape": shape, "dtype": dtype}


def discrete(n, start=0):
    return {"type": "Discrete", "n": n, "start": start}


def multi_discrete(nvec, start=None, shape=None):
    return {"type": "MultiDiscrete", "nvec": nvec, "start": start or [0] * len(nvec), "shape": shape or [len(nvec)]}


def multi_binary(n):
    return {"type": "MultiBinary", "n": n}


def text(most, least=1, charset=None, as_set=False):
    return {"type": "Text", "max": most, "min": least, "charset": charset, "asSet": as_set}


def tuple_of(*parts):
    return {"type": "Tuple", "spaces": list(parts)}


def dict_of(sort_keys=True, **parts):
    return {"type": "Dict", "spaces": [list(part) for part in parts.items()], "sortKeys": sort_keys}


SPACES = [
    box(0, 255, [2, 3], "uint8"),
    box(-128, 127, [5], "int8"),
    box(3, 60000, [4], "uint16"),
    box(-30000, 30000, [4], "int16"),
    box(-(2**31), 2**31 - 1, [4], "int32"),
    box(0, 2**32 - 1, [4], "uint32"),
    box("-inf", "inf", [3], "int32"),
    box(["-inf", 0, -5, "-inf"], ["inf", "inf", 5, 2], [4], "int32"),
    box(-1.5, 2.25, [3, 2]),
    box(0.1, 0.7, [1]),
    box(0, 1, []),
    box(0, 1, [0]),
    box([-4.8, "-inf", -0.41887903, "-inf", 0.5], [4.8, "inf", 0.41887903, 3, "inf"], [5]),
    box("-inf", "inf", [4], "float64"),
    box([0, 0, -1e-10, 5], [1, 2.5, 1e10, 123456.789], [2, 2], "float64"),
    box(1e-7, 1e20, [1], "float64"),
    box(0.1, 1e16, [2]),
    box([0.001, 12345678, 0.5], 3.4e38, [3]),
    box(list(range(24)), list(range(24, 48)), [2, 3, 4], "float64"),
    box([float(i) for i in range(1200)], 3000, [1200], "float64"),
    box([i // 7 for i in range(40)], [i * 1000 for i in range(40)], [40], "int32"),
    box([0.0007323166937567294, -5, 23953.267578125, "-inf"], "inf", [4]),
    box(-999999, 33554432, [1]),
    discrete(2),
    discrete(5, -3),
    discrete(2**33),
    multi_discrete([5, 2, 2]),
    multi_discrete([1, 2, 3, 4, 5, 6], [0, -1, 2, 0, 100, 0], [2, 3]),
    multi_discrete(list(range(1, 41))),
    multi_binary(4),
    multi_binary(70),
    multi_binary([3, 2]),
    text(5),
    text(12, 0, "ba c"),
    text(6, 2, "zyxa", True),
    tuple_of(),
    tuple_of(discrete(3), box(0, 1, [2]), text(3)),
    dict_of(velocity=box(-1, 1, [2]), Zeta=discrete(4, 1), position=box(0, 255, [2], "uint8")),
    dict_of(False, b=multi_binary(3), a=tuple_of(multi_discrete([3, 4]), dict_of(y=discrete(2), x=box("-inf", "inf", [1])))),
    dict_of(a=box(0, 5, [2], "uint8"), b=multi_binary(2)),
    dict_of(a=box(0, 5, [2], "uint16"), b=box(0, 1, [1])),
    tuple_of(box(0, 5, [2], "uint32"), box(0, 1, [1])),
]
SPACES[37]["spaces"].append(["it's", text(4, 1, "no")])

# Space, and what is passed to sample, in the form of JSON: lists stand for arrays, {"tuple": []} for tuples.
MASKED = [
    [discrete(4, 2), "mask", [0, 1, 0, 1]],
    [discrete(4, 2), "mask", [0, 0, 0, 0]],
    [discrete(4), "probability", [0.1, 0.0, 0.6, 0.3]],
    [multi_discrete([3, 2, 2], [1, 0, -4]), "mask", {"tuple": [[1, 0, 1], [0, 0], [0, 1]]}],
    [multi_discrete([3, 2]), "probability", {"tuple": [[0.2, 0.5, 0.3], [0.9, 0.1]]}],
    [multi_binary(6), "mask", [0, 1, 2, 2, 2, 1]],
    [multi_binary(6), "probability", [0.0, 1.0, 0.5, 0.2, 0.8, 0.5]],
    [text(6, 1, "abcd"), "mask", {"tuple": [None, [1, 0, 1, 1]]}],
    [text(6, 1, "abcd"), "mask", {"tuple": [3, None]}],
    [text(6, 0, "abcd"), "mask", {"tuple": [None, [0, 0, 0, 0]]}],
    [text(6, 1, "abcd"), "probability", {"tuple": [4, [0.5, 0.25, 0.25, 0.0]]}],
    [tuple_of(discrete(3), box(0, 1, [1])), "mask", {"tuple": [[0, 1, 1], None]}],
    [dict_of(a=discrete(3), b=multi_binary(3)), "probability", {"a": [0.5, 0.5, 0.0], "b": [0.5, 0.1, 0.9]}],
]

SEEDED = [
    [tuple_of(discrete(9), box(0, 1, [1])), [3, 5]],
    [tuple_of(discrete(9), tuple_of(discrete(7), discrete(5))), [1, [2, 3]]],
    [dict_of(b=discrete(9), a=tuple_of(discrete(90), discrete(90))), {"a": 11, "b": 4}],
]


def bound(value, shape):
    if isinstance(value, list):
        # Floats keep infinities and, until the space rounds them, all digits; 32-bit integers are exact as floats.
        return np.array([float(x) for x in value]).reshape(shape)
    return float(value) if isinstance(value, str) else value


def build(spec):
    match spec["type"]:
        case "Box":
            low, high = (bound(spec[name], spec["shape"]) for name in ("low", "high"))
            return spaces.Box(low, high, tuple(spec["shape"]), np.dtype(spec["dtype"]))
        case "Discrete":
            return spaces.Discrete(spec["n"], start=spec["start"])
        case "MultiDiscrete":
            shaped = [np.array(spec[name]).reshape(spec["shape"]) for name in ("nvec", "start")]
            return spaces.MultiDiscrete(shaped[0], start=shaped[1])
        case "MultiBinary":
            return spaces.MultiBinary(spec["n"])
        case "Text":
            characters = {} if spec["charset"] is None else {"charset": spec["charset"]}
            if spec["asSet"]:
                characters = {"charset": set(spec["charset"])}
            return spaces.Text(spec["max"], min_length=spec["min"], **characters)
        case "Tuple":
            return spaces.Tuple([build(part) for part in spec["spaces"]])
        case "Dict":
            return spaces.Dict({key: build(part) for key, part in spec["spaces"]}, sort_keys=spec["sortKeys"])


def plain(value):
    """Arrays flat, in C order."""
    if isinstance(value, np.ndarray):
        return value.ravel().tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    return value


def argument(value, dtype):
    if isinstance(value, dict):
        if "tuple" in value:
            return tuple(argument(part, dtype) for part in value["tuple"])
        return {key: argument(part, dtype) for key, part in value.items()}
    return np.array(value, dtype) if isinstance(value, list) else value



def described(spec):
    space = build(spec)
    recorded = {"space": spec, "text": str(space), "seeds": plain(space.seed(123))}
    recorded["samples"] = [plain(space.sample()) for _ in range(2 if space.shape == (1200,) else 6)]
    small = not (spec["type"] == "Discrete" and spec["n"] > 100) and space.shape != (1200,)
    if small:
        batched = batch_space(space, 3)
        recorded["batched"] = {"text": str(batched), "sample": plain(batched.sample())}
        if spec != tuple_of():
            sample = space.sample()
            flat = spaces.flatten(space, sample)
            recorded["flat"] = {
                "space": str(spaces.flatten_space(space)),
                "size": spaces.flatdim(space),
                "element": plain(sample),
                "values": plain(flat),
                "dtype": str(flat.dtype),
            }
    return recorded


def masked(spec, kind, value):
    space = build(spec)
    space.seed(7)
    given = argument(value, np.int8 if kind == "mask" else np.float64)
    return {"space": spec, "kind": kind, "value": value, "samples": [plain(space.sample(**{kind: given})) for _ in range(8)]}


def seeded(spec, seed):
    space = build(spec)
    return {"space": spec, "seed": seed, "seeds": plain(space.seed(seed)), "samples": [plain(space.sample()) for _ in range(5)]}


DTYPES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"]
recorded = {
    "resultTypes": [[a, b, str(np.result_type(np.dtype(a), np.dtype(b)))] for a in DTYPES for b in DTYPES],
    "spaces": [described(spec) for spec in SPACES],
    "masked": [masked(*case) for case in MASKED],
    "seeded": [seeded(*case) for case in SEEDED],
}
Path(__file__).with_name("gymnasium-spaces.json").write_text(json.dumps(recorded) + "\n")
