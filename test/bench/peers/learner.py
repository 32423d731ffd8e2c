"""A minibatch of 2 x 128 steps in PyTorch, stage by stage, as CleanRL writes it, and acting: 8 environments, one step.

Checks its RIM against the oracle (the only argument), says `ready`, then answers each line of standard input,
`REPETITIONS STAGE`, with a JSON list of the seconds that each repetition took (acting: one of its steps).
"""

import functools
import json
import sys
import time

import rim as rims
import torch
from torch import nn, optim
from torch.distributions.categorical import Categorical

ENVS, BATCH, STEPS, FRAMES, FEATURES, UNITS, ACTIONS = 8, 2, 128, 4, 510, 512, 4
SAMPLES = BATCH * STEPS
ACTING_STEPS = 50  # timed at once
CLIP, VALUE, ENTROPY, MAX_NORM = 0.1, 0.5, 0.01, 0.5


def nature_cnn():
    """NatureCNN on (N, 4, 84, 84)."""
    return nn.Sequential(
        *(nn.Conv2d(FRAMES, 32, 8, stride=4), nn.ReLU()),
        *(nn.Conv2d(32, 64, 4, stride=2), nn.ReLU()),
        *(nn.Conv2d(64, 64, 3, stride=1), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(64 * 7 * 7, FEATURES), nn.ReLU()),
    )


class RimCore(nn.Module):
    width = 510

    def __init__(self, batch=BATCH):
        super().__init__()
        self.rim = rims.Rim(FEATURES)
        self.state = torch.zeros(batch, self.width)

    def forward(self, x, keep):
        return self.rim(x, self.state, self.state, keep)[0]


class CellCore(nn.Module):
    """An LSTM or GRU stepped in a loop, its state reset where an episode begins."""

    width = UNITS

    def __init__(self, kind, batch=BATCH):
        super().__init__()
        self.rnn = kind(FEATURES, UNITS)
        zeros = torch.zeros(1, batch, UNITS)
        self.state = (zeros, zeros) if kind is nn.LSTM else (zeros,)

    def forward(self, x, keep):
        state, history = self.state, []
        for row, kept in zip(x, keep):
            state = tuple(kept.view(1, -1, 1) * part for part in state)
            out, state = self.rnn(row.unsqueeze(0), state if len(state) == 2 else state[0])
            state = state if isinstance(state, tuple) else (state,)
            history.append(out)
        return torch.cat(history)


class NoCore(nn.Module):
    width = FEATURES

    def __init__(self, batch=BATCH):
        super().__init__()

    def forward(self, x, keep):
        return x


class Heads(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.actor, self.critic = nn.Linear(width, ACTIONS), nn.Linear(width, 1)

    def forward(self, hidden):
        return self.actor(hidden), self.critic(hidden)


class Agent(nn.Module):
    def __init__(self, core):
        super().__init__()
        self.torso, self.core, self.heads = nature_cnn(), core, Heads(core.width)

    def forward(self, observations, keep):
        features = self.torso(observations / 255.0).view(*keep.shape, FEATURES)
        return self.heads(self.core(features, keep).flatten(0, 1))


def samples(count):
    """What PPO's loss needs of `count` samples."""
    return {
        "actions": torch.randint(ACTIONS, (count,)),
        "log_probabilities": torch.full((count,), -1.4),
        "advantages": torch.randn(count),
        "returns": torch.randn(count),
        "values": torch.randn(count),
    }


def ppo_loss(logits, values, batch):
    policy = Categorical(logits=logits)
    ratio = (policy.log_prob(batch["actions"]) - batch["log_probabilities"]).exp()
    advantages = batch["advantages"]
    advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
    policy_loss = torch.max(-advantages * ratio, -advantages * torch.clamp(ratio, 1 - CLIP, 1 + CLIP)).mean()
    values = values.view(-1)
    near = batch["values"] + torch.clamp(values - batch["values"], -CLIP, CLIP)
    value_loss = 0.5 * torch.max((values - batch["returns"]) ** 2, (near - batch["returns"]) ** 2).mean()
    return policy_loss - ENTROPY * policy.entropy().mean() + VALUE * value_loss


def clip_and_step(agent, optimizer):
    nn.utils.clip_grad_norm_(agent.parameters(), MAX_NORM)
    optimizer.step()


def keeps():
    keep = torch.ones(STEPS, BATCH)
    keep[STEPS // 2] = 0
    return keep


def torso_stage():
    torso, observations = nature_cnn(), torch.randint(256, (SAMPLES, FRAMES, 84, 84)).float()
    upstream = torch.randn(SAMPLES, FEATURES)

    def run():
        torso.zero_grad()
        torso(observations / 255.0).backward(upstream)

    return run


def core_stage(core):
    x, keep = torch.randn(STEPS, BATCH, FEATURES, requires_grad=True), keeps()
    upstream = torch.randn(STEPS, BATCH, core.width)

    def run():
        core.zero_grad()
        x.grad = None
        core(x, keep).backward(upstream)

    return run


def heads_stage():
    heads, hidden, batch = Heads(FEATURES), torch.randn(SAMPLES, FEATURES, requires_grad=True), samples(SAMPLES)

    def run():
        heads.zero_grad()
        hidden.grad = None
        ppo_loss(*heads(hidden), batch).backward()

    return run


def optimiser_stage():
    agent = Agent(RimCore())
    optimizer = optim.Adam(agent.parameters(), lr=2.5e-4, eps=1e-5)
    for parameter in agent.parameters():
        parameter.grad = torch.randn_like(parameter)
    return lambda: clip_and_step(agent, optimizer)


def minibatch_stage(core):
    agent = Agent(core)
    optimizer = optim.Adam(agent.parameters(), lr=2.5e-4, eps=1e-5)
    observations = torch.randint(256, (STEPS * ENVS, FRAMES, 84, 84)).float()
    rollout, keep = samples(STEPS * ENVS), keeps()
    rows = torch.arange(STEPS * ENVS).view(STEPS, ENVS)[:, [5, 2]].ravel()

    def run():
        batch = {name: of_all[rows] for name, of_all in rollout.items()}
        loss = ppo_loss(*agent(observations[rows], keep), batch)
        optimizer.zero_grad()
        loss.backward()
        clip_and_step(agent, optimizer)

    return run


def acting_stage(core):
    agent, observations, keep = Agent(core), torch.randint(256, (ENVS, FRAMES, 84, 84)).byte(), torch.ones(1, ENVS)

    def run():
        with torch.no_grad():
            for _ in range(ACTING_STEPS):
                agent(observations, keep)

    return run


def stages():
    cores = {
        "rim": RimCore,
        "lstm": functools.partial(CellCore, nn.LSTM),
        "gru": functools.partial(CellCore, nn.GRU),
    }
    networks = cores | {"ff": NoCore}
    return (
        {"torso": torso_stage(), "heads and loss": heads_stage(), "optimiser": optimiser_stage()}
        | {f"core {name}": core_stage(make()) for name, make in cores.items()}
        | {f"minibatch {name}": minibatch_stage(make()) for name, make in networks.items()}
        | {f"acting {name}": acting_stage(make(batch=ENVS)) for name, make in networks.items()}
    )


def main():
    rims.check(sys.argv[1])
    known = stages()
    print("ready", flush=True)
    for line in sys.stdin:
        repetitions, stage = line.strip().split(" ", 1)
        parts = ACTING_STEPS if stage.startswith("acting") else 1
        seconds = []
        for _ in range(int(repetitions)):
            begin = time.perf_counter()
            known[stage]()
            seconds.append((time.perf_counter() - begin) / parts)
        print(json.dumps(seconds), flush=True)


main()
