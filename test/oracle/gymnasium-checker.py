"""Records what Gymnasium's checkers say of environments with one fault each, for test/envs/gym-js/checker.

Gymnasium 1.4.0, numpy 2, Python 3.11:  python test/oracle/gymnasium-checker.py > test/oracle/gymnasium-checker.json

Of each fault, what check_env and PassiveEnvChecker make of it: "error", "warning" or "nothing". The faults and their
names are those of test/envs/gym-js/checker/faulty-envs.ts.
"""

import itertools
import json
import sys

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import PassiveEnvChecker

heard = []
gym.logger.warn = lambda message, *args, **kwargs: heard.append(message)


class Sound(gym.Env):
    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = spaces.Box(0, 9, (1,), np.float32)
        self.action_space = spaces.Discrete(2)
        self.start = self.position = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.start = (self.start + 3) % 7 if seed is None else seed % 7
        self.position = self.start
        return np.float32([self.position]), {}

    def step(self, action):
        self.position = min(9, self.position + int(np.sum(action)))
        return np.float32([self.position]), 1, self.position == 9, False, {}

    def render(self):
        return None


def box(low, high):
    return spaces.Box(low, high, (1,), np.float32)


def reset_gives(result):
    """`result` of the observation and info that the sound one gives."""

    class Faulty(Sound):
        def reset(self, *, seed=None, options=None):
            return result(*super().reset(seed=seed))

    return Faulty()


def step_gives(result):
    """`result` of the five that the sound one gives."""

    class Faulty(Sound):
        def step(self, action):
            return result(*super().step(action))

    return Faulty()


def having(**members):
    env = Sound()
    for name, value in members.items():
        setattr(env, name, value)
    return env


def rendering(frame, mode, **metadata):
    env = having(render_mode=mode, render=lambda: frame)
    env.metadata = {"render_modes": ["rgb_array", "ansi", "human"], "render_fps": 20, **metadata}
    return env


def faults():
    drawn = itertools.count()
    kept = np.float32([1])
    known = {"kept": kept}
    picture = np.zeros((2, 3, 3), np.uint8)
    return {
        "none": Sound(),
        "no step": having(step=None),
        "no space": having(observation_space="box"),
        "an empty Dict": having(observation_space=spaces.Dict({})),
        "bounds that are one": having(action_space=box(1, 1)),
        "wide actions": having(action_space=box(-3, 3)),
        "no bounds": having(observation_space=box(0, np.inf)),
        "a bare observation": reset_gives(lambda observation, info: observation),
        "no info": reset_gives(lambda observation, info: (observation, None)),
        "an observation outside its space": reset_gives(lambda *_: (np.float32([99]), {})),
        "an observation of another type": reset_gives(lambda observation, info: (np.float64(observation), info)),
        "a list as observation": reset_gives(lambda observation, info: (observation.tolist(), info)),
        "chance that no seed decides": reset_gives(lambda *_: (np.float32([next(drawn) % 8]), {})),
        "chance in a step that no seed decides": step_gives(lambda o, r, t, u, i: (o, next(drawn), t, u, i)),
        "no info of a step": step_gives(lambda o, r, t, u, i: (o, r, t, u, None)),
        "a reward that is text": step_gives(lambda o, r, t, u, i: (o, "much", t, u, i)),
        "a reward that is no number": step_gives(lambda o, r, t, u, i: (o, np.nan, t, u, i)),
        "a reward without end": step_gives(lambda o, r, t, u, i: (o, np.inf, t, u, i)),
        "an end mark that is 0": step_gives(lambda o, r, t, u, i: (o, r, 0, u, i)),
        "a cut mark that is 0": step_gives(lambda o, r, t, u, i: (o, r, t, 0, i)),
        "an episode of one step": step_gives(lambda o, r, t, u, i: (o, r, t, True, i)),
        "an array that is used again": step_gives(lambda o, r, t, u, i: (kept, r, t, u, i)),
        "an info that is used again": step_gives(lambda o, r, t, u, i: (o, r, t, u, known)),
        "a picture": rendering(picture, "rgb_array"),
        "text as picture": rendering("words", "rgb_array"),
        "nothing as text": rendering(None, "ansi"),
        "something for human eyes": rendering(3, "human"),
        "no frames per second": rendering("words", "ansi", render_fps=None),
        "frames per second that are text": rendering("words", "ansi", render_fps="many"),
        "no frame in a second": rendering("words", "ansi", render_fps=0),
        "no render modes": rendering("words", "ansi", render_modes=None),
        "another render mode": rendering("words", "ansi", render_modes=["rgb_array"]),
        "a render mode where there is none": rendering("words", "ansi", render_modes=[]),
    }


def use(env):
    checked = PassiveEnvChecker(env)
    checked.reset(seed=1)
    checked.action_space.seed(1)
    for _ in range(3):
        checked.step(checked.action_space.sample())
    if env.render_mode is not None:
        checked.render()


def verdict(check, env):
    heard.clear()
    try:
        check(env)
    except Exception:
        return "error"
    # Said of every environment that is not registered.
    warnings = [message for message in heard if not message.startswith("Not able to test alternative render modes")]
    return "warning" if warnings else "nothing"


def main():
    checked = {name: verdict(check_env, env) for name, env in faults().items()}
    used = {name: verdict(use, env) for name, env in faults().items()}
    record = {name: {"checkEnv": checked[name], "passive": used[name]} for name in checked}
    json.dump(record, sys.stdout, indent=1)
    print()


main()
