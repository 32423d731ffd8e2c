"""Prints traces of native ALE in the format of ale.json, for games, seeds and lengths of your choice.

In a virtual environment:
    pip install ale-py==0.12.1 numpy
    python test/oracle/ale-traces.py --steps 300 --frames 1480 --every 37 --seed 3 klax pong > traces.json
    npm run conformance -- ale traces.json

ale-ends.json beside it, agent steps in games that end within a step, was made by
    python test/oracle/ale-traces.py --steps 290 --frames 0 --seed 123456789 frogger klax road_runner tic_tac_toe_3d
"""

import argparse
import json
import sys

import ale_py
import numpy as np
from ale_py import roms
from ale_py.vector_env import AtariVectorEnv

FORMAT = {
    "action": "s = s*1664525 + 1013904223 mod 2^32 (s starts at seed) before every action;"
    " action = minimalActions[(s >> 16) mod n]",
    "marks": "after every `every` frames (game reset on game over, before the mark): FNV-1a-32 of the screen's"
    " palette bytes, of the 128 RAM bytes, summed reward, lives, resets so far",
    "preprocessed": "ale-py AtariVectorEnv, one environment, 84x84 gray, stack 4, frame skip 4, max-pool, no no-ops,"
    " no fire reset, no sticky actions, the step after an end is a reset; FNV-1a-32 of the (4,84,84) bytes after"
    " reset and after every step",
    "source": f"ale-py {ale_py.__version__}",
}


def fnv(array):
    value = 0x811C9DC5
    for byte in np.ascontiguousarray(array).tobytes():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def choices(seed, count):
    """The indices of the trace's actions."""
    while True:
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        yield (seed >> 16) % count


def raw(game, sticky, seed, every, frames):
    ale = ale_py.ALEInterface()
    ale.setInt("random_seed", seed)
    ale.setFloat("repeat_action_probability", sticky)
    ale.loadROM(roms.get_rom_path(game))
    ale.reset_game()
    actions = ale.getMinimalActionSet()
    choice = choices(seed, len(actions))
    marks, reward, resets = [], 0, 0
    for frame in range(1, frames + 1):
        reward += ale.act(actions[next(choice)])
        if ale.game_over():
            ale.reset_game()
            resets += 1
        if frame % every == 0:
            marks.append([fnv(ale.getScreen()), fnv(ale.getRAM()), reward, ale.lives(), resets])
    return {
        "game": game,
        "repeatActionProbability": sticky,
        "seed": seed,
        "minimalActions": [action.value for action in actions],
        "screen": list(ale.getScreenDims()),
        "every": every,
        "marks": marks,
    }


def preprocessed(game, seed, steps):
    env = AtariVectorEnv(game, num_envs=1, noop_max=0, use_fire_reset=False, reward_clipping=False)
    observations, _ = env.reset(seed=seed)
    choice = choices(seed, env.single_action_space.n)
    trace = {
        "game": game,
        "seed": seed,
        "observationHashes": [fnv(observations[0])],
        "rewards": [],
        "terminated": [],
    }
    for _ in range(steps):
        observations, rewards, terminated, _, _ = env.step(np.array([next(choice)]))
        trace["observationHashes"].append(fnv(observations[0]))
        trace["rewards"].append(float(rewards[0]))
        trace["terminated"].append(bool(terminated[0]))
    env.close()
    return trace


parser = argparse.ArgumentParser(description="Prints traces of native ALE.")
parser.add_argument("games", nargs="+", help="by ALE's names, such as space_invaders")
parser.add_argument("--seed", type=int, default=7)
parser.add_argument("--frames", type=int, default=2000, help="of a raw trace; 0 for none")
parser.add_argument("--every", type=int, default=100, help="frames from mark to mark")
parser.add_argument("--sticky", type=float, nargs="*", default=[0.0, 0.25], help="a raw trace for each")
parser.add_argument("--steps", type=int, default=120, help="of a preprocessed trace; 0 for none")
args = parser.parse_args()
ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
file = {"format": FORMAT, "raw": [], "preprocessed": []}
for game in args.games:
    if args.frames > 0:
        file["raw"] += [raw(game, sticky, args.seed, args.every, args.frames) for sticky in args.sticky]
    if args.steps > 0:
        file["preprocessed"].append(preprocessed(game, args.seed, args.steps))
json.dump(file, sys.stdout)
