"""Writes layers.json beside it: recurrent sequences, dense relu, heads and NatureCNN, with all their gradients, as
PyTorch computes them in float64.

In a virtual environment, only to make the file anew:
    pip install -r test/oracle/requirements.txt
    python test/oracle/pytorch-layers.py

The loss is the sum of all outputs, each element with a weight of its own. All inputs are multiples of 1/128 or 1/1024
of moderate size, so that float32 holds them exactly.
"""

import json
import math
import random
from pathlib import Path

import torch
from torch.nn import functional

draw = random.Random(20241127)
torch.set_default_dtype(torch.float64)


def normals(*shape, scale=1.0):
    if not shape:
        return round(draw.gauss(0, scale) * 128) / 128
    return [normals(*shape[1:], scale=scale) for _ in range(shape[0])]


def rounded(value):
    if isinstance(value, torch.Tensor):
        value = value.tolist()
    return [rounded(one) for one in value] if isinstance(value, list) else float(f"{value:.9g}")


def case(name, run, tensors, **constants):
    """tensors: lists by name; the gradient is with respect to each."""
    leaves = {name: torch.tensor(values, requires_grad=True) for name, values in tensors.items()}
    outputs = run(**leaves, **{name: torch.tensor(values) for name, values in constants.items()})
    weights = {name: normals(*output.shape) for name, output in outputs.items()}
    sum((output * torch.tensor(weights[name])).sum() for name, output in outputs.items()).backward()
    return {
        "name": name,
        "tensors": tensors,
        **constants,
        "lossWeights": weights,
        "outputs": {name: rounded(output) for name, output in outputs.items()},
        "grads": {name: rounded(leaf.grad) for name, leaf in leaves.items()},
    }


# ours are (inputs, outputs), PyTorch's (outputs, inputs)
def lstm(x, h0, c0, keep, input, hidden, bias):
    h, c, after = h0, c0, []
    for row, kept in zip(x, keep):
        states = (h * kept[:, None], c * kept[:, None])
        h, c = torch.lstm_cell(row, states, input.T, hidden.T, bias, torch.zeros_like(bias))
        after.append((h, c))
    return {name: torch.stack(states) for name, states in zip("hc", zip(*after))}


def gru(x, h0, keep, input, hidden, bias, hiddenBias):
    h, after = h0, []
    for row, kept in zip(x, keep):
        h = torch.gru_cell(row, h * kept[:, None], input.T, hidden.T, bias, hiddenBias)
        after.append(h)
    return {"h": torch.stack(after)}


def recurrent_case(run, gates, steps, batch, width, units):
    tensors = {
        "x": normals(steps, batch, width),
        "h0": normals(batch, units, scale=0.5),
        **({"c0": normals(batch, units, scale=0.5)} if gates == 4 else {}),
        "input": normals(width, gates * units, scale=width**-0.5),
        "hidden": normals(units, gates * units, scale=units**-0.5),
        "bias": normals(gates * units),
        **({"hiddenBias": normals(gates * units)} if gates == 3 else {}),
    }
    # Row 0 is reset before the first step, rows 1 and 2 later, further ones never.
    keep = [[0.0 if step % 3 == row else 1.0 for row in range(batch)] for step in range(steps)]
    name = f"{steps} steps, batch {batch}, width {width}, {units} units"
    return case(name, run, tensors, keep=keep)


def dense_relu(x, weights, bias):
    return {"y": functional.relu(functional.linear(x, weights.T, bias))}


def dense_case(rows, width, units):
    weights = normals(width, units, scale=width**-0.5)
    tensors = {"x": normals(rows, width), "weights": weights, "bias": normals(units)}
    return case(f"{rows} rows, {width} x {units}", dense_relu, tensors)


def heads(hidden, policyWeights, policyBias, valueWeights, valueBias):
    rows = hidden.flatten(0, 1)
    logits = functional.linear(rows, policyWeights.T, policyBias)
    return {"logits": logits, "values": functional.linear(rows, valueWeights.T, valueBias).flatten()}


def heads_case(steps, batch, width, actions):
    tensors = {
        "hidden": normals(steps, batch, width),
        "policyWeights": normals(width, actions, scale=width**-0.5),
        "policyBias": normals(actions),
        "valueWeights": normals(width, 1, scale=width**-0.5),
        "valueBias": normals(1),
    }
    return case(f"{steps} steps, batch {batch}, width {width}, {actions} actions", heads, tensors)


def hashed_bytes(seed, shape):
    """Noise that test/agents/kernels/layers-oracle.test.ts makes too: NatureCNN's tensors are too many to store."""
    x = torch.arange(math.prod(shape)) + 1000003 * seed
    for _ in range(2):
        x = ((x ^ (x >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    return ((x ^ (x >> 16)) & 255).reshape(shape)


def hashed_weights(seed, shape):
    return (hashed_bytes(seed, shape) - 128) / 1024


def sampled(tensor):
    """magnitude: the sum of all absolute values. 31 has no factor in common with any size: samples are everywhere."""
    every = 1 if tensor.numel() <= 64 else 31
    values = tensor.detach().flatten()
    return {"magnitude": rounded(values.abs().sum()), "every": every, "values": rounded(values[::every])}


def nature_case(seed, count, channels):
    """Frames are seed's bytes; the weights, and then those of the loss, have the seeds after it."""
    frames = hashed_bytes(seed, (count, 84, 84, channels))
    shapes = {
        **{"w0": (8, 8, channels, 32), "b0": (32,), "w1": (4, 4, 32, 64), "b1": (64,)},
        **{"w2": (3, 3, 64, 64), "b2": (64,)},
    }
    leaves = {name: hashed_weights(seed + 1 + i, shape) for i, (name, shape) in enumerate(shapes.items())}
    for leaf in leaves.values():
        leaf.requires_grad_()
    x = frames.permute(0, 3, 1, 2) / 255
    for layer, stride in enumerate([4, 2, 1]):
        x = functional.conv2d(x, leaves[f"w{layer}"].permute(3, 2, 0, 1), leaves[f"b{layer}"], stride)
        # Nearer to zero, float32 may find another sign, and with it another gradient.
        assert x.abs().min() > 2e-5, f"seed {seed}: layer {layer} has a sum of {x.abs().min():.1e}; take another"
        x = functional.relu(x)
    features = x.permute(0, 2, 3, 1).flatten(1)
    (features * hashed_weights(seed + 7, features.shape)).sum().backward()
    return {
        "seed": seed,
        "count": count,
        "channels": channels,
        "outputs": {"features": sampled(features)},
        "grads": {name: sampled(leaf.grad) for name, leaf in leaves.items()},
    }


recurrent_sizes = [(3, 2, 5, 4), (1, 3, 2, 1), (6, 4, 9, 17)]
made = {
    "torch": torch.__version__.split("+")[0],
    "lstm": [recurrent_case(lstm, 4, *sizes) for sizes in recurrent_sizes],
    "gru": [recurrent_case(gru, 3, *sizes) for sizes in recurrent_sizes],
    "denseRelu": [dense_case(*sizes) for sizes in [(3, 7, 5), (9, 33, 18)]],
    "heads": [heads_case(*sizes) for sizes in [(2, 3, 6, 3), (3, 1, 37, 18)]],
    "natureConv": [nature_case(*sizes) for sizes in [(200, 2, 4), (400, 1, 3)]],
}
Path(__file__).with_name("layers.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")
