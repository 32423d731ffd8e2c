"""Training steps of copying and sequential MNIST in PyTorch: a RIM as a plain loop over time, and its fused LSTM.

Checks its RIM against the oracle (the only argument), says `ready` and how many parameters each network has, then
answers each line of standard input, `REPETITIONS STAGE`, with a JSON list of the seconds that each training step took:
a batch drawn, forward, backward, clipping, Adam.
"""

import json
import sys
import time

import rim as rims
import torch
import torch.nn.functional as F
from torch import nn, optim

BATCH, EMBEDDING, UNITS = 64, 100, 600
SYMBOLS, KINDS, MARKER, LENGTH = 10, 8, 9, 50
PIXELS, IMAGES, CLASSES = 14 * 14, 6400, 10


class RimCore(nn.Module):
    def __init__(self, **sizes):
        super().__init__()
        self.rim = rims.Rim(EMBEDDING, **sizes)
        self.width = self.rim.n * self.rim.m

    def forward(self, x):
        state = torch.zeros(x.shape[1], self.width)
        return self.rim(x, state, state, torch.ones(x.shape[:2]))[0]


class LstmCore(nn.Module):
    width = UNITS

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(EMBEDDING, UNITS)

    def forward(self, x):
        return self.lstm(x)[0]


class Network(nn.Module):
    """Tokens (T, B), a core, a linear layer on its output at all steps or at the last. Dropout around the core."""

    def __init__(self, vocabulary, core, outputs, last_step_only, dropout):
        super().__init__()
        self.embedding, self.core = nn.Embedding(vocabulary, EMBEDDING), core
        self.decoder, self.dropout = nn.Linear(core.width, outputs), nn.Dropout(dropout)
        self.last_step_only = last_step_only

    def forward(self, tokens):
        hidden = self.core(self.dropout(self.embedding(tokens)))
        return self.decoder(self.dropout(hidden[-1] if self.last_step_only else hidden))


def copying_batch():
    """Symbols, blanks, the marker, blanks; the symbols are wanted in the last steps. (T, B) each."""
    symbols = torch.randint(1, KINDS + 1, (SYMBOLS, BATCH))
    inputs, targets = torch.zeros(2, LENGTH + 2 * SYMBOLS, BATCH, dtype=torch.long)
    inputs[:SYMBOLS] = symbols
    inputs[-SYMBOLS - 1] = MARKER
    targets[-SYMBOLS:] = symbols
    return inputs, targets


class Images:
    """Random bits for pixels; every image once in each pass, in a new order."""

    def __init__(self):
        self.pixels, self.labels = torch.randint(2, (IMAGES, PIXELS)), torch.randint(CLASSES, (IMAGES,))
        self.order = torch.empty(0, dtype=torch.long)

    def batch(self):
        if len(self.order) < BATCH:
            self.order = torch.randperm(IMAGES)
        chosen, self.order = self.order[:BATCH], self.order[BATCH:]
        return self.pixels[chosen].T.contiguous(), self.labels[chosen]


class Training:
    def __init__(self, network, batch):
        self.network, self.batch = network, batch
        self.optimizer = optim.Adam(network.parameters(), lr=1e-3, fused=True)

    def step(self):
        inputs, targets = self.batch()
        loss = F.cross_entropy(self.network(inputs).flatten(0, -2), targets.flatten())
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        loss.item()  # as a loop that reports it does


def trainings():
    sizes = {"input_key": 64, "heads": 4}
    copying = RimCore(n=6, m=100, k=4, input_value=400, key=16, value=16, **sizes)
    mnist = RimCore(n=5, m=102, k=3, input_value=408, key=32, value=32, dropout=0.1, **sizes)
    images = Images()
    return {
        f"{task} {core}": Training(Network(*network), batch)
        for task, core, network, batch in [
            ("copying", "rim", (MARKER + 1, copying, KINDS + 1, False, 0.0), copying_batch),
            ("copying", "lstm", (MARKER + 1, LstmCore(), KINDS + 1, False, 0.0), copying_batch),
            ("sequential-mnist", "rim", (2, mnist, CLASSES, True, 0.5), images.batch),
            ("sequential-mnist", "lstm", (2, LstmCore(), CLASSES, True, 0.5), images.batch),
        ]
    }


def main():
    rims.check(sys.argv[1])
    known = trainings()
    sizes = {name: sum(p.numel() for p in one.network.parameters()) for name, one in known.items()}
    print("ready", json.dumps(sizes), flush=True)
    for line in sys.stdin:
        repetitions, stage = line.strip().split(" ", 1)
        seconds = []
        for _ in range(int(repetitions)):
            begin = time.perf_counter()
            known[stage].step()
            seconds.append(time.perf_counter() - begin)
        print(json.dumps(seconds), flush=True)


main()
