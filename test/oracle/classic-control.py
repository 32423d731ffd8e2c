"""Writes classic-control.json beside it: episodes of Gymnasium's classic control, step by step.

Recorded with gymnasium 1.4.0 and numpy 2.4.6 on Linux x86-64. In a virtual environment, only to make the file anew:
    pip install 'gymnasium[classic-control]==1.4.0' numpy==2.4.6
    python test/oracle/classic-control.py

Each trace is one environment that is reset with its seed, stepped with the recorded actions, and reset without a seed
whenever an episode ends. Arrays are base64 of little-endian numbers:
    actions        float32, one per step (whole numbers for discrete actions)
    observations   float32, that of the first reset, then that of each step, and of each reset in its place
    rewards        float64, one per step
    ends           uint8, one per step: 1 terminated, 2 truncated

Acrobot's equations and noise are attributes of the environment in Gymnasium, not arguments.

Each picture is an environment after its reset, in squares of 20 pixels: of each the means of red, green and blue, uint8,
row after row.
"""

import json
from pathlib import Path

import gymnasium
import numpy as np
from record import coded, played


def balance(observation):
    x, x_dot, theta, theta_dot = observation
    return int(0.05 * x + 0.2 * x_dot + 2 * theta + 0.6 * theta_dot > 0)


def rock(observation):
    return 2 if observation[1] > 0 else 0


def rock_softly(observation):
    return np.float32([0.9 if observation[1] > 0 else -0.7])


def swing(observation):
    return 2 if observation[5] > 0 else 0


def pump(observation):
    return np.float32([1.5 if observation[2] > 0 else -2.5])  # the lower bound is beyond the largest torque


def at_random(env, seed):
    draw = np.random.default_rng(seed)
    space = env.action_space
    if isinstance(space, gymnasium.spaces.Discrete):
        return lambda _: int(draw.integers(space.n))
    return lambda _: draw.uniform(space.low, space.high).astype(np.float32)


def trace(name, seed, steps, policy=None, arguments=None, options=None, attributes=None):
    env = gymnasium.make(name, disable_env_checker=True, **(arguments or {}))
    for attribute, value in (attributes or {}).items():
        setattr(env.unwrapped, attribute, value)
    act = policy or at_random(env, seed)
    actions, observations, rewards, ends = played(env, act, seed, steps, options)
    return {
        "id": name,
        "seed": seed,
        "policy": policy.__name__ if policy else "random",
        "arguments": {**(arguments or {}), **(attributes or {})},
        "options": options,
        "actions": coded([np.float32(action).reshape(()) for action in actions], "<f4"),
        "observations": coded(observations, "<f4"),
        "rewards": coded(rewards, "<f8"),
        "ends": coded(ends, "u1"),
    }


traces = []
for seed in (0, 1, 123):
    traces.append(trace("CartPole-v1", seed, 200))
    traces.append(trace("MountainCar-v0", seed, 250))
    traces.append(trace("MountainCarContinuous-v0", seed, 200))
    traces.append(trace("Acrobot-v1", seed, 300))
    traces.append(trace("Pendulum-v1", seed, 250))
traces += [
    trace("CartPole-v0", 2**40 + 7, 250, balance),
    trace("CartPole-v1", 5, 510, balance),
    trace("CartPole-v1", 6, 60, arguments={"sutton_barto_reward": True}, options={"low": -0.1, "high": 0.02}),
    trace("MountainCar-v0", 4, 260, rock),
    trace("MountainCar-v0", 4, 60, rock, {"goal_velocity": 0.02}, {"low": 0.3, "high": 0.4}),
    trace("MountainCarContinuous-v0", 8, 1100, rock_softly),
    trace("Acrobot-v1", 9, 400, swing),
    trace("Acrobot-v1", 12, 200, attributes={"book_or_nips": "nips"}),
    trace("Acrobot-v1", 13, 200, attributes={"torque_noise_max": 0.3}),
    trace("Pendulum-v1", 10, 300, pump),
    trace("Pendulum-v1", 11, 60, arguments={"g": 9.81}, options={"x_init": 0.1, "y_init": 0.5}),
]


def picture(name, seed):
    env = gymnasium.make(name, render_mode="rgb_array", disable_env_checker=True)
    env.reset(seed=seed)
    frame = env.render()
    height, width, _ = frame.shape
    squares = frame.reshape(height // 20, 20, width // 20, 20, 3).mean(axis=(1, 3))
    return {"id": name, "seed": seed, "width": width, "height": height, "squares": coded(squares.round(), "u1")}


names = ["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1", "Pendulum-v1"]
pictures = [picture(name, seed) for name in names for seed in (4, 5)]
versions = {"gymnasium": gymnasium.__version__, "numpy": np.__version__}
text = json.dumps({**versions, "traces": traces, "pictures": pictures}, indent=1)
Path(__file__).with_name("classic-control.json").write_text(text + "\n")
