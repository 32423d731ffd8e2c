"""Writes adaptive-softmax.json beside it: adaptive softmax and tied adaptive embeddings with all gradients, in float64.

In a virtual environment, only to make the file anew (recorded with torch 2.15.0):
    pip install -r test/oracle/requirements.txt
    python test/oracle/adaptive-softmax.py

Each case has the options, the parameters as `AdaptiveSoftmax` names them, x and targets, and from
torch.nn.AdaptiveLogSoftmaxWithLoss the log-probability of each target, of every word, and the gradients of the sum of
the targets' weighted losses. Then the same weights as embeddings: vectors of the words, from torch's embedding and
matmul, and the gradients of the weighted losses of predicting `targets` from tanh(vectors of `words`).
"""

import json
import random
from pathlib import Path

import torch
from torch.nn import functional

draw = random.Random(17)
torch.set_default_dtype(torch.float64)


def normals(*shape):
    count = 1
    for size in shape:
        count *= size
    return torch.tensor([round(draw.gauss(0, 0.5) * 128) / 128 for _ in range(count)]).reshape(shape)


def listed(tensor):
    return [float(f"{value:.9g}") for value in tensor.flatten().tolist()]


def named(softmax, of):
    """of: parameter -> tensor of its shape. By our names, shapes beside them."""
    common = softmax.shortlist_size
    head = of(softmax.head.weight)
    tensors = {"words0": head[:common], "clusters": head[common:]}
    for i, tail in enumerate(softmax.tail, 1):
        tensors[f"projection{i}"] = of(tail[0].weight)
        tensors[f"words{i}"] = of(tail[1].weight)
    return {name: {"shape": list(tensor.shape), "values": listed(tensor)} for name, tensor in tensors.items()}


def embed(softmax, words):
    edges = [0, *softmax.cutoffs]
    tables = [softmax.head.weight[: softmax.shortlist_size], *(tail[1].weight for tail in softmax.tail)]
    vectors = []
    for word in words.tolist():
        i = max(i for i, edge in enumerate(edges) if word >= edge)
        vector = functional.embedding(torch.tensor(word - edges[i]), tables[i])
        vectors.append(vector if i == 0 else vector @ softmax.tail[i - 1][0].weight)
    return torch.stack(vectors)


def gradients(softmax, loss):
    softmax.zero_grad()
    loss.backward()
    return named(softmax, lambda weight: weight.grad if weight.grad is not None else torch.zeros_like(weight))


def case(words, width, cutoffs, divisor, targets):
    softmax = torch.nn.AdaptiveLogSoftmaxWithLoss(width, words, cutoffs, div_value=divisor)
    with torch.no_grad():
        for weight in softmax.parameters():
            weight.copy_(normals(*weight.shape))
    x = normals(len(targets), width).requires_grad_()
    targets = torch.tensor(targets)
    weights = normals(len(targets))
    output = softmax(x, targets).output
    parameters = named(softmax, lambda weight: weight.detach())
    recorded = {
        "options": {"words": words, "width": width, "cutoffs": cutoffs, "divisor": divisor},
        "parameters": parameters,
        "x": listed(x),
        "targets": targets.tolist(),
        "weights": listed(weights),
        "output": listed(output),
        "logProbabilities": listed(softmax.log_prob(x)),
        "gradients": gradients(softmax, -(weights * output).sum()),
        "xGradient": listed(x.grad),
    }
    inputs = torch.tensor([draw.randrange(words) for _ in targets])
    vectors = embed(softmax, inputs)
    predicted = softmax(torch.tanh(vectors), targets).output
    recorded["tied"] = {
        "words": inputs.tolist(),
        "vectors": listed(vectors),
        "output": listed(predicted),
        "gradients": gradients(softmax, -(weights * predicted).sum()),
    }
    return recorded


cases = [
    case(20, 8, [6, 12], 2.0, [0, 5, 6, 11, 12, 19, 3, 13, 13]),
    case(30, 16, [10], 4.0, [0, 9, 29, 4, 4, 10]),
    case(25, 16, [5, 10], 4.0, [1, 2, 12, 3, 24]),
    case(12, 4, [4, 8], 2.0, [0, 1, 3, 0]),
]
text = json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}, separators=(",", ":"))
Path(__file__).with_suffix(".json").write_text(text + "\n")
