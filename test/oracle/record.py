"""What the scripts that record environments step by step share. Needs numpy."""

import base64

import numpy as np


def coded(values, dtype):
    """base64 of an array's bytes."""
    return base64.b64encode(np.asarray(values, dtype=dtype).tobytes()).decode()


def played(env, act, seed, steps, options=None):
    """Resets with the seed, steps, and resets without a seed whenever an episode ends.

    Returns lists: the actions that `act` chose by the observation before; the observations, that of the first reset,
    then that of each step, and of each reset in its place; the rewards; the ends, 1 terminated, 2 truncated, 3 both.
    """
    observation, _ = env.reset(seed=seed, options=options)
    actions, observations, rewards, ends = [], [observation], [], []
    for _ in range(steps):
        actions.append(act(observation))
        observation, reward, terminated, truncated, _ = env.step(actions[-1])
        observations.append(observation)
        rewards.append(reward)
        ends.append(1 * terminated + 2 * truncated)
        if terminated or truncated:
            observation, _ = env.reset()
            observations.append(observation)
    return actions, observations, rewards, ends
