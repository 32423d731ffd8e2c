"""Writes numpy-random.json beside it: what NumPy 2.4.6's SeedSequence, PCG64 and Generator give for a set of seeds and
calls, one generator after another call on it, so that buffered bits count too.

    pip install numpy==2.4.6
    python test/oracle/numpy-random.py
"""

import json
from pathlib import Path

import numpy as np

SEEDS = [0, 1, 42, 2**31 - 1, 2**32 - 1, 2**32, 2**53 - 1, 2**64 + 3, 123456789 << 150]


def listed(value):
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def state(generator):
    inner = generator.bit_generator.state
    return {
        "bitGenerator": inner["bit_generator"],
        "state": {name: str(number) for name, number in inner["state"].items()},
        "hasUint32": inner["has_uint32"],
        "uinteger": inner["uinteger"],
    }


def sequences():
    for entropy in [*SEEDS, [1, 2, 3, 4, 5, 6], [2**40, 0, 7]]:
        sequence = np.random.SeedSequence(entropy)
        children = sequence.spawn(2) + sequence.spawn(1)
        yield {
            "entropy": [str(word) for word in entropy] if isinstance(entropy, list) else str(entropy),
            "state": listed(sequence.generate_state(11)),
            "spawned": [listed(child.generate_state(5)) for child in children],
            "grandchild": listed(children[1].spawn(2)[1].generate_state(3)),
        }


# Method and arguments, in the order of the calls; options stand last.
weights = [0.1, 0.0, 0.25, 0.05, 0.6]
CALLS = [
    ["random", [], {}],
    ["random", [], {"size": 4}],
    ["integers", [0, 10], {}],
    ["integers", [-5, 3], {"size": 7}],
    ["uniform", [-0.05, 0.05], {"size": 4}],
    ["uniform", [-np.pi, 100.0], {}],
    ["integers", [0, 2**32], {"size": 3}],
    ["integers", [0, 2**32 - 1], {"endpoint": True}],
    ["integers", [0, 2**32 + 1], {"size": 3}],
    ["integers", [-(2**51), 2**51 + 12345], {"size": 5}],
    ["integers", [0, 3 * 2**30], {"size": 12}],
    ["integers", [7, 8], {"size": 2}],
    ["integers", [0, 2], {"size": 21, "dtype": "int8"}],
    ["integers", [0, 255], {"size": 9, "endpoint": True, "dtype": "uint8"}],
    ["integers", [-100, 100], {"size": 40, "dtype": "int8"}],
    ["integers", [0, 200], {"dtype": "uint8"}],
    ["integers", [0, 60000], {"size": 11, "dtype": "uint16"}],
    ["integers", [-32768, 32768], {"size": 5, "dtype": "int16"}],
    ["integers", [0, 2**32 - 1], {"size": 3, "dtype": "uint32"}],
    ["integers", [-(2**31), 2**31], {"size": 3, "dtype": "int32"}],
    ["standard_normal", [], {"size": 40}],
    ["normal", [3.0, 0.5], {}],
    ["normal", [-1.0, 2.0], {"size": 5}],
    ["exponential", [], {}],
    ["exponential", [2.5], {"size": 40}],
    ["choice", [5], {}],
    ["choice", [5], {"size": 6}],
    ["choice", [5], {"p": weights}],
    ["choice", [5], {"p": weights, "size": 8}],
    ["choice", [5], {"p": weights, "size": 4, "replace": False}],
    ["choice", [30], {"size": 12, "replace": False}],
    ["choice", [10], {"size": 10, "replace": False}],
    ["choice", [20000], {"size": 5, "replace": False}],
    ["shuffle", [17], {}],
    ["permutation", [25], {}],
    ["permutation", [1], {}],
    ["random", [], {"size": 2}],
]


def streams():
    for seed in SEEDS:
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
        results = []
        for method, arguments, options in CALLS:
            if method == "shuffle":
                items = np.arange(arguments[0])
                generator.shuffle(items)
                results.append(listed(items))
            else:
                results.append(listed(getattr(generator, method)(*arguments, **options)))
        yield {"seed": str(seed), "results": results, "state": state(generator)}


def long_stream():
    """Sums over many draws: these pass through rare branches, the tails and the rejections."""
    generator = np.random.default_rng(2024)
    normal = generator.standard_normal(200_000)
    exponential = generator.standard_exponential(200_000)
    return {
        "seed": 2024,
        "normalTail": listed(normal[np.abs(normal) > 3.6541528853610088]),
        "exponentialTail": listed(exponential[exponential > 7.69711747013105]),
        "last": [listed(normal[-1]), listed(exponential[-1])],
        "farChoice": int(generator.choice(20_000, 1_000, replace=False).sum()),
        "farChoiceLast": listed(generator.choice(20_000, 1_000, replace=False)[-5:]),
        "integers": int(generator.integers(0, 3 * 2**30, 100_000).sum()),
        "state": state(generator),
    }


recorded = {"sequences": list(sequences()), "calls": CALLS, "streams": list(streams()), "long": long_stream()}
Path(__file__).with_name("numpy-random.json").write_text(json.dumps(recorded) + "\n")
