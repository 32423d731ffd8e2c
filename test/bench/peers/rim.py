"""A layer of Recurrent Independent Mechanisms (Goyal et al. 2019, arXiv 1909.10893) as a plain PyTorch loop over time.

LSTM modules, one input element beside null, one head of attention over the input; inactive modules are read by their
unchanged state; the message is added as it is. Parameters have the names and shapes of test/oracle/rims.json.
"""

import json
import math

import torch
import torch.nn.functional as F
from torch import nn


class Rim(nn.Module):
    """n modules of m units, k of them active in each step, on inputs of width e.

    `dropout` is the share dropped, in training, of what is read of the input, of communication's attention, and of its
    output.
    """

    def __init__(self, e, n=6, m=85, k=4, input_key=64, input_value=340, heads=4, key=32, value=32, dropout=0.0):
        super().__init__()
        self.dropout = dropout
        self.n, self.m, self.k, self.heads, self.key, self.value = n, m, k, heads, key, value

        def weights(*shape):
            return nn.Parameter(torch.randn(shape) / math.sqrt(shape[-2]))

        self.inputQuery = weights(n, m, input_key)
        self.inputKey0 = weights(e, input_key)
        self.inputValue0 = weights(e, input_value)
        self.rnnInput = weights(n, input_value, 4 * m)
        self.rnnHidden = weights(n, m, 4 * m)
        self.rnnBias = nn.Parameter(torch.zeros(n, 4 * m))
        self.commQuery = weights(n, m, heads * key)
        self.commKey = weights(n, m, heads * key)
        self.commValue = weights(n, m, heads * value)
        self.commOut = weights(heads * value, m)
        self.commOutBias = nn.Parameter(torch.zeros(m))

    def forward(self, x, h, c, keep):
        """x (T, B, e), h and c (B, n m), keep (T, B): h of every step (T, B, n m), and the last c (B, n m)."""
        batch = x.shape[1]
        h, c = (state.view(batch, self.n, self.m).transpose(0, 1) for state in (h, c))  # (n, B, m)
        history = []
        for keys, values, kept in zip(x @ self.inputKey0, x @ self.inputValue0, keep):
            h, c = self.step(keys, values, h * kept.view(1, -1, 1), c * kept.view(1, -1, 1))
            history.append(h.transpose(0, 1).reshape(batch, -1))
        return torch.stack(history), c.transpose(0, 1).reshape(batch, -1)

    def step(self, key, value, h, c):
        """The input's key (B, input_key) and value (B, input_value), h and c (n, B, m)."""
        query = torch.bmm(h, self.inputQuery)
        logit = (query * key).sum(-1) / math.sqrt(query.shape[-1])  # (n, B)
        attention = torch.softmax(torch.stack([torch.zeros_like(logit), logit]), 0)  # null first
        read = self.drop(attention[1].unsqueeze(-1) * value)  # (n, B, value)

        # The k that pay least attention to null, ties to the lowest index.
        winners = attention[0].detach().argsort(dim=0, stable=True)[: self.k]
        active = torch.zeros_like(logit).scatter_(0, winners, 1.0).unsqueeze(-1)

        gates = torch.bmm(read, self.rnnInput) + torch.bmm(h, self.rnnHidden) + self.rnnBias.unsqueeze(1)
        i, f, g, o = gates.chunk(4, -1)
        new_c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        new_h = torch.sigmoid(o) * torch.tanh(new_c)
        h = torch.where(active.bool(), new_h, h)
        c = torch.where(active.bool(), new_c, c)
        return h + active * self.communicate(h * active + (h * (1 - active)).detach()), c

    def communicate(self, h):
        """Attention of all modules over all modules, (n, B, m)."""
        batch = h.shape[1]

        def project(weights, width):  # (B, heads, n, width)
            return torch.bmm(h, weights).view(self.n, batch, self.heads, width).permute(1, 2, 0, 3)

        query, key = project(self.commQuery, self.key), project(self.commKey, self.key)
        attention = self.drop(torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(self.key), -1))
        heard = (attention @ project(self.commValue, self.value)).permute(2, 0, 1, 3)
        return self.drop(heard.reshape(self.n, batch, -1) @ self.commOut + self.commOutBias)

    def drop(self, x):
        return F.dropout(x, self.dropout, self.training) if self.dropout else x


def check(oracle):
    """Compares values and gradients with the file of the oracle, in float64. Raises AssertionError."""
    with open(oracle, encoding="utf8") as file:
        case = next(case for case in json.load(file)["rim"] if case["name"] == "lstm-state")
    config = case["config"]
    given = {name: torch.tensor(value, dtype=torch.float64) for name, value in case["inputs"].items()}
    rim = Rim(
        given["x"].shape[-1],
        *(config[name] for name in ["modules", "units", "active", "inputKey", "inputValue"]),
        *(config[name] for name in ["commHeads", "commKey", "commValue"]),
    ).double()
    rim.load_state_dict({name: torch.tensor(value, dtype=torch.float64) for name, value in case["params"].items()})
    leaves = {name: given[name].requires_grad_() for name in ["x", "h0", "c0"]}
    h, c = rim(given["x"], given["h0"], given["c0"], given["keep"])
    loss = (h * given["lossWeights"]).sum() + 0.5 * c.square().sum()
    loss.backward()
    found = {"h": h, "loss": loss} | {n: t.grad for n, t in (leaves | dict(rim.named_parameters())).items()}
    expected = {name: case["outputs"][name] for name in ["h", "loss"]} | case["grads"]
    for name, value in expected.items():
        assert torch.allclose(found[name], torch.tensor(value, dtype=torch.float64), 1e-5, 1e-6), name
