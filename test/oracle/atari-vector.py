"""Records what ale-py's AtariVectorEnv tells at the ends of episodes: test/oracle/atari-vector.json.

    python test/oracle/atari-vector.py > test/oracle/atari-vector.json

ale-py 0.12.1, Gymnasium 1.4.0, NumPy 2.4.6, OpenCV 4 of the peers' environment (see test/bench/peers/requirements.txt).
Actions are a hash of environment and step (`action`), as test/envs/atari/play.ts has it. An observation, bytes in the
order (4, 84, 84), is told by the first 32 bits of its SHA-256. Where an episode ends, AtariVectorEnv leaves the skip
loop before it has looked at the last frames: `trueFinal` has the observation that was there, from ale-py's own frames
(gray of the last two that the step emulated, their maximum, INTER_AREA).
"""

import hashlib
import json
import sys

import ale_py
import cv2
import numpy as np
from ale_py import roms

M = 0xFFFFFFFF


def action(env, step, actions):
    x = ((env + 1) * 0x9E3779B9 & M) ^ ((step + 1) * 0x85EBCA6B & M)
    x = (x ^ (x >> 16)) * 0x7FEB352D & M
    x = (x ^ (x >> 15)) * 0x846CA68B & M
    return (x ^ (x >> 16)) % actions


def mark(observation):
    return int.from_bytes(hashlib.sha256(np.ascontiguousarray(observation).tobytes()).digest()[:4], "big")


class Frames:
    """The frames of one environment, played beside the vector on an emulator of its own."""

    def __init__(self, game, seed, sticky):
        ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
        self.ale = ale_py.ALEInterface()
        self.ale.setFloat("repeat_action_probability", sticky)
        self.ale.setInt("random_seed", seed)
        self.ale.loadROM(roms.get_rom_path(game))
        self.ale.reset_game()
        self.actions = self.ale.getMinimalActionSet()
        self.played = 0

    def step(self, index, cap):
        """Plays a step; returns the frame it shows, and whether that ended the episode."""
        last = []
        for _ in range(4):
            self.ale.act(self.actions[index])
            self.played += 1
            last = (last + [self.ale.getScreenGrayscale()])[-2:]
            if self.ale.game_over() or self.played >= cap:
                break
        frame = cv2.resize(np.maximum(last[0], last[-1]), (84, 84), interpolation=cv2.INTER_AREA)
        return frame, self.ale.game_over() or self.played >= cap

    def reset(self):
        self.ale.reset_game()
        self.played = 0


def record(game, mode, steps, envs=2, seed=7, **options):
    vector = ale_py.AtariVectorEnv(game, envs, autoreset_mode=mode, **options)
    plain = options.get("noop_max") == 1 and not options["use_fire_reset"]
    cap = options.get("max_num_frames_per_episode", 108000)
    frames = [Frames(game, seed + e, options.get("repeat_action_probability", 0)) for e in range(envs)] if plain else None
    names = ["lives", "frame_number", "episode_frame_number"]
    rows = {name: [] for name in ["observation", "reward", "terminated", "truncated", "final", "trueFinal", *names]}
    observations, infos = vector.reset(seed=seed)
    rows["observation"].append([mark(o) for o in observations])
    for name in names:
        rows[name].append(infos[name].tolist())
    over = [False] * envs
    for step in range(steps):
        chosen = np.array([action(e, step, vector.single_action_space.n) for e in range(envs)])
        before = observations
        observations, rewards, terminated, truncated, infos = vector.step(chosen)
        ended = terminated | truncated
        rows["observation"].append([mark(o) for o in observations])
        rows["reward"].append(rewards.tolist())
        rows["terminated"].append(terminated.astype(int).tolist())
        rows["truncated"].append(truncated.astype(int).tolist())
        for name in names:
            rows[name].append(infos[name].tolist())
        if mode == "SameStep":
            rows["final"].append([mark(infos["final_obs"][e]) if ended[e] else 0 for e in range(envs)])
        true_final = [0] * envs
        for e in range(envs if frames else 0):
            if over[e] and mode == "NextStep":
                frames[e].reset()
                over[e] = False
                continue
            frame, over[e] = frames[e].step(chosen[e], cap)
            assert over[e] == ended[e]
            if over[e]:
                true_final[e] = mark(np.concatenate([before[e][1:], frame[None]]))
                if mode == "SameStep":
                    frames[e].reset()
        rows["trueFinal"].append(true_final)
    options = {"autoresetMode": mode[0].lower() + mode[1:], "seed": seed, "numEnvs": envs, **options}
    return {"game": game, "steps": steps, "options": options, **{k: v for k, v in rows.items() if any(map(any, v))}}


traces = []
for mode in ["NextStep", "SameStep"]:
    traces.append(record("breakout", mode, 240))
    plain = {"noop_max": 1, "use_fire_reset": False}
    traces.append(record("breakout", mode, 200, repeat_action_probability=0.25, **plain))
    # 201 frames: the cap falls on the first frame of a step.
    traces.append(record("seaquest", mode, 110, max_num_frames_per_episode=201, reward_clipping=False, **plain))
json.dump({"versions": {"ale-py": ale_py.__version__, "opencv": cv2.__version__}, "traces": traces}, sys.stdout)
print()
