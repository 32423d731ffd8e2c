"""Writes memory-tasks.json beside it: episodes of POPGym's environments, step by step.

Recorded with popgym 1.0.7, gymnasium 1.4.0 and numpy 2.4.6 on Linux x86-64. In a virtual environment, only to make the
file anew:
    pip install popgym==1.0.7 gymnasium==1.4.0 numpy==2.4.6
    python test/oracle/memory-tasks.py

Each trace is one environment that is reset with its seed, stepped with the recorded actions, and reset without a seed
whenever an episode ends. Arrays are base64 of little-endian numbers:
    actions        uint8, one per step
    observations   float32 of CartPole's, uint8 of the others', in which an observation is one number after the other;
                   that of the first reset, then that of each step, and of each reset in its place
    rewards        float64, one per step
    ends           uint8, one per step: 1 terminated, 2 truncated, 3 both

randomCartPole tells how many steps PositionOnlyCartPole's episodes last under random actions, of which none is long
enough to be cut: their mean and its standard error.
"""

import json
from pathlib import Path

import gymnasium
import numpy as np
import popgym.envs
from record import coded, played


def trace(name, seed, steps, policy=None, env=None):
    env = env or getattr(popgym.envs, name)()
    draw = np.random.default_rng(seed)
    act = policy or (lambda _: int(draw.integers(env.action_space.n)))
    actions, observations, rewards, ends = played(env, act, seed, steps)
    shown = "<f4" if "CartPole" in name else "u1"
    return {
        "id": name,
        "seed": seed,
        "actions": coded(actions, "u1"),
        "observations": coded([np.ravel(observation) for observation in observations], shown),
        "rewards": coded(rewards, "<f8"),
        "ends": coded(ends, "u1"),
    }


def upright(state):
    """Sees all four numbers, so that an episode is long enough to be cut."""
    return int(np.dot([0.05, 0.2, 2, 0.6], state) > 0)


def left_then_right(steps=3):
    count = iter(range(10**9))
    return lambda _: next(count) // steps % 2


traces = []
for level, episode in (("Easy", 52), ("Medium", 104), ("Hard", 156)):
    for seed in (0, 7):
        traces.append(trace("RepeatPrevious" + level, seed, episode + 60))
        traces.append(trace("Autoencode" + level, seed, 2 * episode + 60))
for level, cards in (("Easy", 52), ("Medium", 104), ("Hard", 208)):
    for seed in (1, 2**33):
        traces.append(trace("CountRecall" + level, seed, cards + 60))
for level, cards in (("Easy", 52), ("Medium", 416), ("Hard", 832)):
    traces.append(trace("RepeatFirst" + level, 3, cards + 60))
for level in ("Easy", "Medium", "Hard"):
    traces.append(trace("PositionOnlyCartPole" + level, 4, 100))
    traces.append(trace("VelocityOnlyCartPole" + level, 5, 100, left_then_right()))


def random_cart_pole(episodes=100_000):
    env = popgym.envs.PositionOnlyCartPoleEasy()
    draw = np.random.default_rng(1)
    env.reset(seed=1)
    lengths = []
    for _ in range(episodes):
        steps, over = 0, False
        while not over:
            _, _, terminated, truncated, _ = env.step(int(draw.integers(2)))
            steps, over = steps + 1, terminated or truncated
        lengths.append(steps)
        env.reset()
    deviation = np.std(lengths, ddof=1) / np.sqrt(episodes)
    longest = {"longest": int(max(lengths))}
    return {"episodes": episodes, "mean": float(np.mean(lengths)), "standardError": float(deviation), **longest}


balanced = popgym.envs.PositionOnlyCartPole()
traces.append(trace("PositionOnlyCartPoleEasy", 6, 250, lambda _: upright(balanced.state), balanced))
versions = {"popgym": "1.0.7", "gymnasium": gymnasium.__version__, "numpy": np.__version__}
text = json.dumps({**versions, "randomCartPole": random_cart_pole(), "traces": traces}, indent=1)
Path(__file__).with_name("memory-tasks.json").write_text(text + "\n")
