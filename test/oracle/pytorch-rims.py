"""Writes rim-variants.json beside it: layers of RIMs and stacks of them (BRIM), with all their gradients, as PyTorch
computes them in float64. Written from the papers (arXiv 1909.10893 and 2006.16981), in the format of rims.json.

In a virtual environment, only to make the file anew (torch 2.15):
    pip install -r test/oracle/requirements.txt
    python test/oracle/pytorch-rims.py

Parameters, inputs and loss weights are multiples of 1/32, so that float32 holds them exactly. A case is drawn
anew until no module wins its place among the active ones by less than 1e-3 of attention, so that rounding cannot decide
it; exact ties at state zero stay, and go to the lowest module.
"""

import json
import math
import random
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
draw = random.Random(20241128)
narrowest = 1e-3


def normals(*shape, scale=1.0):
    if not shape:
        return round(draw.gauss(0, scale) * 32) / 32
    return [normals(*shape[1:], scale=scale) for _ in range(shape[0])]


def rounded(value):
    if isinstance(value, torch.Tensor):
        value = value.tolist()
    return [rounded(one) for one in value] if isinstance(value, list) else float(f"{value:.6g}")


def layer(modules, units, active, rnn="lstm", read="state", gate=False, heads=(1, 2), sizes=(3, 4, 2, 3), **more):
    (input_heads, comm_heads), (input_key, input_value, comm_key, comm_value) = heads, sizes
    return {
        "modules": modules, "units": units, "active": active, "rnn": rnn,
        "inputHeads": input_heads, "inputKey": input_key, "inputValue": input_value,
        "commHeads": comm_heads, "commKey": comm_key, "commValue": comm_value,
        "readInactive": read, "commGate": gate, **more,
    }  # fmt: skip


def parameters(spec, widths):
    n, m = spec["modules"], spec["units"]
    key, value = spec["inputHeads"] * spec["inputKey"], spec["inputHeads"] * spec["inputValue"]
    heard, asked = spec["commHeads"] * spec["commValue"], spec["commHeads"] * spec["commKey"]
    gates = (4 if spec["rnn"] == "lstm" else 3) * m
    shapes = {"rnnInput": (n, value, gates), "rnnHidden": (n, m, gates), "rnnBias": (n, gates)}
    shapes.update({f"inputValue{i}": (width, value) for i, width in enumerate(widths)})
    if spec["rnn"] == "gru":
        shapes["rnnHiddenBias"] = (n, gates)
    if spec.get("inputAttention", True):
        shapes["inputQuery"] = (n, m, key)
        shapes.update({f"inputKey{i}": (width, key) for i, width in enumerate(widths)})
    if spec.get("communication", True):
        shapes.update(commQuery=(n, m, asked), commKey=(n, m, asked), commValue=(n, m, heard))
        shapes.update(commOut=(heard, m), commOutBias=(m,))
        if spec["commGate"]:
            shapes.update(commGate=(heard, m), commGateBias=(m,))
    return {name: normals(*shape, scale=0.6) for name, shape in shapes.items()}


class Margin:
    """How narrowly a module was chosen or left out, over all that was computed since it was made."""

    def __init__(self):
        self.least = math.inf

    def see(self, attention, k):
        for row in attention.tolist():
            ranked = sorted(row)
            if k < len(ranked) and ranked[k] != ranked[k - 1]:
                self.least = min(self.least, ranked[k] - ranked[k - 1])


def step(spec, weights, elements, h, c, margin):
    """elements: (B, e) each; h, c: (B, n, m). Returns h, c, mask (B, n) and attention to null (B, n)."""
    batch, n, m = h.shape
    heads = spec["inputHeads"]
    values = torch.stack([x @ weights[f"inputValue{i}"] for i, x in enumerate(elements)], 1)
    values = values.view(batch, len(elements), heads, -1)
    if spec.get("inputAttention", True):
        keys = torch.stack([x @ weights[f"inputKey{i}"] for i, x in enumerate(elements)], 1)
        keys = keys.view(batch, len(elements), heads, -1)
        query = torch.einsum("bnm,nmk->bnk", h, weights["inputQuery"]).view(batch, n, heads, -1)
        logits = torch.einsum("bnhd,bphd->bnhp", query, keys) / math.sqrt(spec["inputKey"])
        attention = torch.cat([torch.zeros_like(logits[..., :1]), logits], -1).softmax(-1)
        read = torch.einsum("bnhp,bphv->bnhv", attention[..., 1:], values).reshape(batch, n, -1)
        to_null = attention[..., 0].mean(-1).detach()
    else:
        read = values.mean(1).reshape(batch, 1, -1).expand(batch, n, -1)
        to_null = torch.zeros(batch, n)
    margin.see(to_null, spec["active"])
    chosen = to_null.argsort(dim=1, stable=True)[:, : spec["active"]]
    mask = torch.zeros(batch, n).scatter(1, chosen, 1.0)
    on = mask[..., None]

    given = torch.einsum("bnv,nvg->bng", read, weights["rnnInput"]) + weights["rnnBias"]
    before = torch.einsum("bnm,nmg->bng", h, weights["rnnHidden"])
    if spec["rnn"] == "lstm":
        i, f, g, o = (given + before).chunk(4, -1)
        next_c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        next_h = o.sigmoid() * next_c.tanh()
        c = on * next_c + (1 - on) * c
    else:
        (r, z, new), (hr, hz, hn) = given.chunk(3, -1), (before + weights["rnnHiddenBias"]).chunk(3, -1)
        gate = (z + hz).sigmoid()
        next_h = (1 - gate) * (new + (r + hr).sigmoid() * hn).tanh() + gate * h
    stepped = on * next_h + (1 - on) * h
    if not spec.get("communication", True):
        return stepped, c, mask, to_null

    said = stepped if spec["readInactive"] == "state" else next_h
    said = on * said + ((1 - on) * said).detach()
    heads = spec["commHeads"]
    query, key, value = (
        torch.einsum("bnm,nmk->bnk", said, weights[name]).view(batch, n, heads, -1)
        for name in ("commQuery", "commKey", "commValue")
    )
    attention = (torch.einsum("bihd,bjhd->bhij", query, key) / math.sqrt(spec["commKey"])).softmax(-1)
    heard = torch.einsum("bhij,bjhv->bihv", attention, value).reshape(batch, n, -1)
    message = heard @ weights["commOut"] + weights["commOutBias"]
    if spec["commGate"]:
        message = (heard @ weights["commGate"] + weights["commGateBias"]).sigmoid() * message.tanh()
    return stepped + on * message, c, mask, to_null


def keeps(steps, batch):
    """A reset of each row at a step of its own, of the first before anything else."""
    return [[0.0 if t == 2 * b % steps else 1.0 for b in range(batch)] for t in range(steps)]


def leaf(values):
    return torch.tensor(values, requires_grad=True)


def rim_case(name, spec, widths, steps=4, batch=2):
    n, m, lstm = spec["modules"], spec["units"], spec["rnn"] == "lstm"
    weights = parameters(spec, widths)
    inputs = {f"x{i or ''}": normals(steps, batch, width) for i, width in enumerate(widths)}
    inputs.update(h0=normals(batch, n * m, scale=0.5), **({"c0": normals(batch, n * m, scale=0.5)} if lstm else {}))
    leaves = {name: leaf(value) for name, value in {**weights, **inputs}.items()}
    keep, loss_weights = keeps(steps, batch), normals(steps, batch, n * m)
    h = leaves["h0"].view(batch, n, m)
    c = leaves["c0"].view(batch, n, m) if lstm else None
    margin, history = Margin(), []
    for t in range(steps):
        kept = torch.tensor(keep[t])[:, None, None]
        elements = [leaves[f"x{i or ''}"][t] for i in range(len(widths))]
        h, c, mask, to_null = step(spec, leaves, elements, h * kept, c * kept if lstm else None, margin)
        states = {"h": h.flatten(1), **({"c": c.flatten(1)} if lstm else {})}
        history.append({**states, "active": mask, "nullAttention": to_null})
    if margin.least < narrowest:
        return rim_case(name, spec, widths, steps, batch)
    outputs = {name: torch.stack([at[name] for at in history]) for name in history[0]}
    loss = (outputs["h"] * torch.tensor(loss_weights)).sum() + (c.square().sum() / 2 if lstm else 0)
    loss.backward()
    return {
        "name": name,
        "config": spec,
        "params": weights,
        "inputs": {**inputs, "keep": keep, "lossWeights": loss_weights},
        "outputs": {**{name: rounded(output) for name, output in outputs.items()}, "loss": loss.item()},
        "grads": {name: rounded(one.grad) for name, one in leaves.items()},
    }


def brim_case(name, layers, width, steps=4, batch=2):
    sizes = [spec["modules"] * spec["units"] for spec in layers]
    widths = [[below, *sizes[i + 1 : i + 2]] for i, below in enumerate([width, *sizes[:-1]])]
    weights = [parameters(spec, own) for spec, own in zip(layers, widths)]
    x = normals(steps, batch, width)
    h0 = [normals(batch, size, scale=0.5) for size in sizes]
    c0 = [normals(batch, size, scale=0.5) if spec["rnn"] == "lstm" else None for spec, size in zip(layers, sizes)]
    leaves = [{name: leaf(value) for name, value in own.items()} for own in weights]
    x_leaf, h_leaves = leaf(x), [leaf(h) for h in h0]
    c_leaves = [None if c is None else leaf(c) for c in c0]
    keep, loss_weights = keeps(steps, batch), normals(steps, batch, sizes[-1])
    h, c, margin, history = list(h_leaves), list(c_leaves), Margin(), []
    for t in range(steps):
        kept = torch.tensor(keep[t])[:, None]
        h = [one * kept for one in h]
        c = [None if one is None else one * kept for one in c]
        above, masks = h[1:], []
        for i, spec in enumerate(layers):
            elements = [x_leaf[t] if i == 0 else h[i - 1], *above[i : i + 1]]
            shape = (batch, spec["modules"], spec["units"])
            old = None if c[i] is None else c[i].view(shape)
            new_h, new_c, mask, _ = step(spec, leaves[i], elements, h[i].view(shape), old, margin)
            h[i], c[i] = new_h.flatten(1), None if new_c is None else new_c.flatten(1)
            masks.append(mask)
        history.append((list(h), masks))
    if margin.least < narrowest:
        return brim_case(name, layers, width, steps, batch)
    top = torch.stack([states[-1] for states, _ in history])
    loss = (top * torch.tensor(loss_weights)).sum()
    loss.backward()
    return {
        "name": name,
        "layers": layers,
        "params": weights,
        "inputs": {"x": x, "h0": h0, "c0": c0, "keep": keep, "lossWeights": loss_weights},
        "outputs": {
            "lower": rounded(torch.stack([states[0] for states, _ in history])),
            "top": rounded(top),
            "active": [[mask.tolist() for mask in masks] for _, masks in history],
            "loss": loss.item(),
        },
        "grads": {
            "params": [{name: rounded(one.grad) for name, one in own.items()} for own in leaves],
            "x": rounded(x_leaf.grad),
            "h0": [rounded(one.grad) for one in h_leaves],
            "c0": [None if one is None else rounded(one.grad) for one in c_leaves],
        },
    }


rim = [
    rim_case(
        f"{rnn}-{read}-{'gated' if gate else 'plain'}-{heads[0]}x{heads[1]}heads-{len(widths)}elements",
        layer(modules, units, active, rnn, read, gate, heads),
        widths,
    )
    for rnn, read, gate, heads, widths, (modules, units, active) in [
        ("lstm", "state", False, (3, 3), (5,), (5, 2, 2)),
        ("lstm", "state", True, (2, 1), (3, 3), (3, 3, 2)),
        ("lstm", "candidate", False, (1, 2), (2, 2, 2), (4, 2, 1)),
        ("lstm", "candidate", True, (2, 3), (4,), (6, 1, 3)),
        ("gru", "state", False, (1, 1), (3, 4), (7, 2, 4)),
        ("gru", "state", True, (3, 2), (2, 3, 4), (3, 4, 1)),
        ("gru", "candidate", False, (2, 2), (5,), (4, 3, 3)),
        ("gru", "candidate", True, (1, 3), (3, 2), (5, 2, 2)),
    ]
] + [
    rim_case("one-module", layer(1, 3, 1), (4,)),
    rim_case("no-communication", layer(4, 3, 2, heads=(2, 1), communication=False), (3, 2)),
    rim_case("no-input-attention", layer(3, 3, 3, "gru", heads=(2, 2), inputAttention=False), (3, 2)),
    rim_case("neither", layer(3, 2, 3, inputAttention=False, communication=False), (3,)),
]
brim = [
    brim_case("three-layers", [layer(3, 3, 2), layer(4, 2, 1, heads=(2, 1)), layer(2, 3, 1, gate=True)], 4),
    brim_case("gru", [layer(4, 2, 2, "gru", heads=(2, 2)), layer(3, 3, 2, "gru", "candidate")], 3),
    brim_case("gru-under-lstm", [layer(3, 2, 1, "gru", gate=True), layer(5, 2, 4, "lstm", "candidate", True)], 5),
    brim_case("one-layer", [layer(4, 2, 3, heads=(2, 1))], 3),
    brim_case(
        "no-communication-below", [layer(3, 2, 3, inputAttention=False, communication=False), layer(2, 4, 1)], 3
    ),
]
rim.append(rim_case("eleven-elements", layer(3, 2, 1, sizes=(2, 2, 1, 2)), (1,) * 11, steps=2, batch=1))
path = Path(__file__).with_name("rim-variants.json")
path.write_text(json.dumps({"rim": rim, "brim": brim}, separators=(",", ":")) + "\n")
