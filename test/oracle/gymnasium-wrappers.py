"""Records what Gymnasium's wrappers, vector environments and registry do, for test/envs/gym-js.

Gymnasium 1.4.0, numpy 2, Python 3.11:  python test/oracle/gymnasium-wrappers.py > test/oracle/gymnasium-wrappers.json

Toy is the environment of test/envs/gym-js/toy-env.ts: nothing in it is random, and each number is exact.
"""

import json
import math
import sys
import warnings

import gymnasium as gym
import numpy as np
from gymnasium import spaces, wrappers
from gymnasium.envs import registration
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.wrappers import vector as vector_wrappers

warnings.simplefilter("ignore")


class Toy(gym.Env):
    metadata = {"render_modes": []}

    def __init__(self, length=4, dtype="float32", render_mode=None):
        self.length = length
        self.dtype = np.dtype(dtype)
        low, high = (0, 255) if dtype == "uint8" else (-10, 20)
        self.observation_space = spaces.Box(low, high, (2,), self.dtype)
        self.action_space = spaces.Discrete(3)
        self.offset = self.episode = self.t = 0

    def observe(self):
        t, offset = self.t, self.offset
        values = [(t * 1.7 + offset * 0.3 + self.episode) % 10, ((t * t * 2.3) % 7) - 3]
        if self.dtype == np.uint8:
            values = [math.floor((value + 3) * 10) for value in values]
        return np.array(values, self.dtype)

    def reset(self, *, seed=None, options=None):
        if seed is None:
            self.episode += 1
        else:
            self.offset, self.episode = seed % 5, 0
        self.t = 0
        return self.observe(), {"episodeIndex": self.episode}

    def step(self, action):
        self.t += 1
        t = self.t
        reward = (t * 3 + self.offset) % 5 - 1.5 + 0.25 * float(np.sum(action))
        over = t >= self.length
        info = {
            "count": t,
            "array": np.array([t, t + 0.5], np.float32),
            "word": f"step {t}",
            "nested": {"half": t / 2},
        }
        if t % 2 == 0:
            info["third"] = t % 3 == 0
        even = self.episode % 2 == 0
        return self.observe(), reward, over and even, over and not even, info


class Grip(gym.Env):
    """Its observation is the action that it got."""

    def __init__(self):
        self.action_space = spaces.Box(np.float32([-2, -0.1]), np.float32([2, 0.7]))
        self.observation_space = spaces.Box(-np.inf, np.inf, (2,), np.float32)

    def reset(self, *, seed=None, options=None):
        return np.zeros(2, np.float32), {}

    def step(self, action):
        return action, 0.0, False, False, {}


class Mixed(gym.Env):
    """Observations of several parts."""

    def __init__(self):
        self.observation_space = spaces.Dict(
            {
                "arm": spaces.Box(1, 9, (2,), np.float32),
                "count": spaces.Discrete(9, start=2),
                "pair": spaces.Tuple([spaces.MultiBinary(2), spaces.MultiDiscrete([5, 7])]),
            }
        )
        self.action_space = spaces.Discrete(2)

    def observe(self):
        t = self.t
        return {
            "arm": np.array([1 + t, 9 - t / 2], np.float32),
            "count": 2 + t,
            "pair": (np.array([t % 2, 1 - t % 2], np.int8), np.array([t, t + 1])),
        }

    def reset(self, *, seed=None, options=None):
        self.t = 0
        return self.observe(), {}

    def step(self, action):
        self.t += 1
        return self.observe(), 1.0, False, False, {}


def plain(value):
    """What JSON keeps: numpy arrays flat, floats exact."""
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.ravel().tolist()] if value.dtype != object else [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value


def names(info):
    """Gymnasium's two names in camel case; times left out."""
    renamed = {}
    for key, value in info.items():
        key = {"final_obs": "finalObservation", "_final_obs": "_finalObservation"}.get(key, key)
        key = {"final_info": "finalInfo", "_final_info": "_finalInfo"}.get(key, key)
        if key == "episode" and isinstance(value, dict):
            value = {name: item for name, item in value.items() if name in ("r", "l")}
        renamed[key] = names(value) if isinstance(value, dict) else value
    return renamed


def play(env, steps=12, seed=3, actions=None):
    """One reset with a seed, then steps; at an episode's end a reset without one."""
    observation, info = env.reset(seed=seed)
    trace = [{"observation": plain(observation), "info": plain(names(info))}]
    for i in range(steps):
        action = actions[i % len(actions)] if actions else i % 3
        observation, reward, terminated, truncated, info = env.step(action)
        trace.append(
            {
                "observation": plain(observation),
                "reward": plain(reward),
                "terminated": bool(terminated),
                "truncated": bool(truncated),
                "info": plain(names(info)),
            }
        )
        if terminated or truncated:
            observation, info = env.reset()
            trace.append({"observation": plain(observation), "info": plain(names(info))})
    return trace


def play_vector(envs, mode, steps=8):
    observations, infos = envs.reset(seed=2)
    trace = [{"observations": plain(observations), "infos": plain(names(infos))}]
    for i in range(steps):
        actions = np.array([(i + env) % 3 for env in range(envs.num_envs)])
        observations, rewards, terminations, truncations, infos = envs.step(actions)
        trace.append(
            {
                "observations": plain(observations),
                "rewards": plain(rewards),
                "terminations": plain(terminations.astype(int)),
                "truncations": plain(truncations.astype(int)),
                "infos": plain(names(infos)),
            }
        )
        over = np.logical_or(terminations, truncations)
        if mode == AutoresetMode.DISABLED and over.any():
            observations, infos = envs.reset(seed=[10, None, 12], options={"reset_mask": over})
            trace.append({"observations": plain(observations), "infos": plain(names(infos))})
    return trace


def vectors():
    made = {}
    for name, mode in [
        ("nextStep", AutoresetMode.NEXT_STEP),
        ("sameStep", AutoresetMode.SAME_STEP),
        ("disabled", AutoresetMode.DISABLED),
    ]:
        def create():
            return SyncVectorEnv([lambda n=n: Toy(n) for n in (2, 3, 5)], autoreset_mode=mode)

        made[name] = play_vector(create(), mode)
        if mode != AutoresetMode.DISABLED:
            recorder = vector_wrappers.RecordEpisodeStatistics(create(), buffer_length=3)
            trace = play_vector(recorder, mode)
            made[name + "Statistics"] = {
                "episodes": [step["infos"].get("episode") for step in trace],
                "masks": [step["infos"].get("_episode") for step in trace],
                "returns": list(map(float, recorder.return_queue)),
                "lengths": list(map(int, recorder.length_queue)),
                "count": int(recorder.episode_count),
            }
    return made


def lookups():
    """What make says to ids when these are registered: the id it takes and whether it warns, or the error."""
    for registered in ["Cart-v0", "Cart-v1", "Pole-v2", "Bare", "zoo/Cat-v1", "zoo/Catfish-v0"]:
        registration.register(registered, entry_point=Toy)
    asked = ["Cart-v0", "Cart-v1", "Cart", "Cart-v7", "Pole-v1", "Pole", "Bare", "Bare-v0", "Crat-v1", "Nothing-v0"]
    asked += ["zoo/Cat", "zoo/Cta-v1", "zoe/Cat-v1", "far/Cat-v1", "zoo/Pole-v2"]
    asked += ["a b", "zoo/", "x/y/z", "-v0", "Cart-vx"]
    found = {}
    for env_id in asked:
        heard = []
        registration.logger.warn = lambda *a: heard.append(a)
        registration.logger.deprecation = lambda *a: heard.append(a)
        try:
            found[env_id] = {"id": registration._find_spec(env_id).id, "warns": len(heard) > 0}
        except gym.error.Error as error:
            found[env_id] = {"error": type(error).__name__, "suggests": "Did you mean" in str(error)}
    refused = {}
    for env_id in ["Cart", "Bare-v3", "Cart-v9", "other/Cart"]:
        try:
            registration.register(env_id, entry_point=Toy)
            refused[env_id] = None
        except gym.error.RegistrationError as error:
            refused[env_id] = type(error).__name__
    return {"asked": found, "registered": refused}


def main():
    record = {
        "normalizeObservation": {
            dtype: play(wrappers.NormalizeObservation(Toy(5, dtype))) for dtype in ("float32", "float64", "uint8")
        },
        "normalizeReward": play(wrappers.NormalizeReward(Toy(5), gamma=0.9)),
        "clipReward": play(wrappers.ClipReward(Toy(), min_reward=-0.5, max_reward=1.25)),
        "timeLimit": play(wrappers.TimeLimit(Toy(5), max_episode_steps=3)),
        "timeLimitAtEnd": play(wrappers.TimeLimit(Toy(3), max_episode_steps=3)),
        "statistics": play(wrappers.RecordEpisodeStatistics(Toy(), buffer_length=2)),
        "frameStack": {
            "reset": play(wrappers.FrameStackObservation(Toy(), 3)),
            "zero": play(wrappers.FrameStackObservation(Toy(), 3, padding_type="zero")),
            "custom": play(wrappers.FrameStackObservation(Toy(), 3, padding_type=np.float32([5, -5]))),
            "one": play(wrappers.FrameStackObservation(Toy(), 1)),
            "mixed": play(wrappers.FrameStackObservation(Mixed(), 2), 3),
            "mixedZero": play(wrappers.FrameStackObservation(Mixed(), 2, padding_type="zero"), 3),
        },
        "flatten": play(wrappers.FlattenObservation(Mixed()), 3),
        "clipAction": play(wrappers.ClipAction(Grip()), 2, actions=[np.float32([9, 0.3]), np.float32([-1.5, -7])]),
        "rescaleAction": play(
            wrappers.RescaleAction(Grip(), np.float32([-1, 0]), np.float32([1, 3])),
            3,
            actions=[np.float32([0.3, 1.1]), np.float32([-1, 0]), np.float32([1, 3])],
        ),
        "vector": vectors(),
        "mixedVector": play_vector(SyncVectorEnv([Mixed, Mixed]), AutoresetMode.NEXT_STEP, 2),
        "registry": lookups(),
    }
    json.dump(record, sys.stdout, separators=(",", ":"))
    print()


main()
