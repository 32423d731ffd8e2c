"""Writes ppo.json beside it: PPO's loss, clipping and Adam as PyTorch computes them in float64, 200 random cases each.

In a virtual environment, only to make the file anew:
    pip install -r test/oracle/requirements.txt
    python test/oracle/pytorch-ppo.py

All inputs are multiples of 1/128 of moderate size, so that float32 holds them exactly.
"""

import json
import random
from pathlib import Path

import torch

CASES = 200
draw = random.Random(20240607)
torch.set_default_dtype(torch.float64)


def grid(x):
    return round(x * 128) / 128


def normals(count, scale=1.0):
    return [grid(draw.gauss(0, scale)) for _ in range(count)]


def rounded(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().flatten().tolist()]


def loss_case(i):
    samples, actions = draw.randint(1, 8), draw.choice([2, 3, 4, 6, 6, 18])
    scale = 40.0 if i % 10 == 9 else 2.0  # some policies are nearly certain
    logits = [normals(actions, scale) for _ in range(samples)]
    chosen = [draw.randrange(actions) for _ in range(samples)]
    now = torch.log_softmax(torch.tensor(logits), 1)
    # Ratios about 1, many of them outside the clipped range, on both sides.
    old = [grid(now[s, a].item() + draw.gauss(0, 0.2)) for s, a in enumerate(chosen)]
    settings = {
        "clip": 0.1 if i % 3 else 0.25,
        "clipValue": i % 4 != 0,
        "valueCoefficient": draw.choice([0, 0.5, 1]),
        "entropyCoefficient": draw.choice([0, 0.01, 0.5]),
    }
    values = normals(samples)
    given = {
        "settings": settings,
        "logits": logits,
        "values": values,
        "actions": chosen,
        "oldLogProbabilities": old,
        "oldValues": [grid(v + draw.gauss(0, 0.2)) for v in values],
        "advantages": [0.0] * samples if i % 20 == 0 else normals(samples),
        "returns": normals(samples),
    }
    return {**given, "expected": loss_expected(given)}


def loss_expected(given):
    clip = given["settings"]["clip"]
    logits = torch.tensor(given["logits"], requires_grad=True)
    values = torch.tensor(given["values"], requires_grad=True)
    old_values, advantages, returns = (torch.tensor(given[name]) for name in ("oldValues", "advantages", "returns"))
    policy = torch.distributions.Categorical(logits=logits)
    log_ratio = policy.log_prob(torch.tensor(given["actions"])) - torch.tensor(given["oldLogProbabilities"])
    ratio = log_ratio.exp()
    policy_loss = torch.max(-advantages * ratio, -advantages * torch.clamp(ratio, 1 - clip, 1 + clip)).mean()
    errors = (values - returns) ** 2
    if given["settings"]["clipValue"]:
        errors = torch.max(errors, (old_values + torch.clamp(values - old_values, -clip, clip) - returns) ** 2)
    value_loss, entropy = 0.5 * errors.mean(), policy.entropy().mean()
    loss = (
        policy_loss
        + given["settings"]["valueCoefficient"] * value_loss
        - given["settings"]["entropyCoefficient"] * entropy
    )
    loss.backward()
    clipped = ((ratio - 1).abs() > clip).double().mean()
    statistics = torch.stack([policy_loss, value_loss, entropy, ((ratio - 1) - log_ratio).mean(), clipped])
    return {
        "loss": rounded(loss),
        "statistics": rounded(statistics),
        "dLogits": rounded(logits.grad),
        "dValues": rounded(values.grad),
    }


def gradient(size, i):
    return [0.0] * size if i % 25 == 24 else normals(size, draw.choice([0.05, 0.3, 1.0, 100.0]))


def clip_case(i):
    gradients = gradient(draw.randint(1, 20), i)
    max_norm = draw.choice([0.125, 0.5, 1.0, 40.0])
    parameter = torch.zeros(len(gradients), requires_grad=True)
    parameter.grad = torch.tensor(gradients)
    norm = torch.nn.utils.clip_grad_norm_([parameter], max_norm)
    expected = {"norm": rounded(norm)[0], "gradients": rounded(parameter.grad)}
    return {"maxNorm": max_norm, "gradients": gradients, "expected": expected}


def adam_case(i):
    size, steps_before = draw.randint(1, 9), [0, 1, 100, 10000][i % 4]
    settings = {"maxNorm": draw.choice([0.5, 10.0]), "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-5}
    m = normals(size, 0.1) if steps_before else [0.0] * size
    v = [grid(x * x + 1 / 128) for x in normals(size, 0.3)] if steps_before else [0.0] * size
    parameter = torch.tensor(normals(size), requires_grad=True)
    start = {"parameters": parameter.tolist(), "stepsBefore": steps_before, "m": m, "v": v}
    adam = torch.optim.Adam([parameter], lr=1, betas=(0.9, 0.999), eps=1e-5)
    if steps_before:
        moments = {"exp_avg": torch.tensor(m), "exp_avg_sq": torch.tensor(v)}
        adam.state[parameter] = {"step": torch.tensor(float(steps_before)), **moments}
    steps, norms = [], []
    for s in range(draw.randint(1, 6)):
        step = {"learningRate": 2.5e-4 * (1 - s / 10), "gradients": gradient(size, i)}
        steps.append(step)
        adam.param_groups[0]["lr"] = step["learningRate"]
        parameter.grad = torch.tensor(step["gradients"])
        norms.append(torch.nn.utils.clip_grad_norm_([parameter], settings["maxNorm"]))
        adam.step()
    state = adam.state[parameter]
    expected = {
        "norms": rounded(torch.stack(norms)),
        "parameters": rounded(parameter),
        "m": rounded(state["exp_avg"]),
        "v": rounded(state["exp_avg_sq"]),
    }
    return {"settings": settings, **start, "steps": steps, "expected": expected}


made = {
    "torch": torch.__version__.split("+")[0],
    "loss": [loss_case(i) for i in range(CASES)],
    "clip": [clip_case(i) for i in range(CASES)],
    "adam": [adam_case(i) for i in range(CASES)],
}
Path(__file__).with_name("ppo.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")
