"""Records what native ALE shows through all of ale-py's interface, as rolling CRC-32 sums.

In a virtual environment:
    pip install ale-py==0.12.1 numpy
    python test/oracle/ale-py.py > test/oracle/ale-py.json
    python test/oracle/ale-py.py --frames 3000 --mode-frames 300 > longer.json
    node setup/run.mjs test/envs/ale-wasm/compare.ts longer.json

test/envs/ale-wasm/recorded.ts plays the same and says of each run what it does.
"""

import argparse
import json
import sys
import zlib

import ale_py
import numpy as np
from ale_py import roms
from ale_py.env import AtariEnv


class Sum:
    """CRC-32 of all that was added, numbers as int32."""

    def __init__(self):
        self.value = 0

    def add(self, *parts):
        for part in parts:
            data = part.tobytes() if isinstance(part, np.ndarray) else int(part).to_bytes(4, "little", signed=True)
            self.value = zlib.crc32(data, self.value)


class Draws:
    def __init__(self, seed):
        self.state = seed

    def below(self, count):
        self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
        return (self.state >> 16) % count


def load(game, seed, sticky, ints={}, bools={}):
    ale = ale_py.ALEInterface()
    ale.setInt("random_seed", seed)
    ale.setFloat("repeat_action_probability", sticky)
    for key, value in ints.items():
        ale.setInt(key, value)
    for key, value in bools.items():
        ale.setBool(key, value)
    ale.loadROM(roms.get_rom_path(game))
    return ale


def add_counts(total, ale):
    total.add(ale.lives(), ale.getFrameNumber(), ale.getEpisodeFrameNumber())
    total.add(ale.game_over(with_truncation=False), ale.game_truncated())


def in_mode(game, mode, difficulty, sticky, frames):
    """A new episode in a mode and a difficulty, minimal actions."""
    ale = load(game, 1, sticky)
    ale.setMode(mode)
    ale.setDifficulty(difficulty)
    ale.reset_game()
    total, draws, actions = Sum(), Draws(mode * 4 + difficulty), ale.getMinimalActionSet()
    for _ in range(frames):
        total.add(ale.act(actions[draws.below(len(actions))]))
        if ale.game_over():
            ale.reset_game()
    add_counts(total, ale)
    total.add(ale.getScreen(), ale.getRAM())
    return total.value


def every_combination(game, ale, frames):
    """In each mode, each difficulty; every second of these has sticky actions."""
    combinations = [(mode, d) for mode in ale.getAvailableModes() for d in ale.getAvailableDifficulties()]
    return [in_mode(game, *combination, i % 2 * 0.25, frames) for i, combination in enumerate(combinations)]


def sticky(game, frames, every):
    """Sticky actions, all 18 actions, paddle strengths, sound; every kind of screen."""
    ale = load(game, 2, 0.25, bools={"sound_obs": True})
    total, draws = Sum(), Draws(3)
    for frame in range(1, frames + 1):
        total.add(ale.act(draws.below(18), draws.below(257) / 256))
        if ale.game_over():
            ale.reset_game()
        total.add(ale.getAudio())
        if frame % every == 0:
            add_counts(total, ale)
            total.add(ale.getScreen(), ale.getScreenGrayscale(), ale.getScreenRGB(), ale.getRAM())
    return total.value


def limited(game, frames, every):
    """RAM is written to; episodes end with a life or after 150 frames; rewards are clipped."""
    ale = load(
        game,
        4,
        0.0,
        ints={"max_num_frames_per_episode": 150, "reward_min": -1, "reward_max": 2},
        bools={"truncate_on_loss_of_life": True},
    )
    total, draws, actions = Sum(), Draws(5), ale.getMinimalActionSet()
    for frame in range(1, frames + 1):
        if frame % 9 == 0:
            ale.setRAM(draws.below(128), draws.below(256))
        total.add(ale.act(actions[draws.below(len(actions))]), ale.getRAM())
        if ale.game_over():
            add_counts(total, ale)
            ale.reset_game()
        if frame % every == 0:
            add_counts(total, ale)
            total.add(ale.getScreen())
    return total.value


def averaged(game, frames, every):
    """Colour averaging, three frames to an act."""
    ale = load(game, 6, 0.0, ints={"frame_skip": 3}, bools={"color_averaging": True})
    total, draws, actions = Sum(), Draws(7), ale.getMinimalActionSet()
    for act in range(1, frames // 3 + 1):
        total.add(ale.act(actions[draws.below(len(actions))]))
        if ale.game_over():
            ale.reset_game()
        if act % every == 0:
            add_counts(total, ale)
            total.add(ale.getScreen(), ale.getScreenRGB(), ale.getRAM())
    return total.value


def continuous(count):
    """Random joystick positions: the thresholds at which a coordinate's last bit decides, and what is chosen."""
    total, draws, edges = Sum(), Draws(8), []
    environment = AtariEnv("breakout", continuous=True, frameskip=1)
    environment.reset()
    taken = []

    class Spy:
        def __getattr__(self, name):
            return getattr(ale, name)

        def act(self, action, strength):
            taken.append((action.value, strength))
            return 0

    ale, environment.ale = environment.ale, Spy()
    for _ in range(count):
        radius = np.float32(draws.below(65536) / 65535)
        theta = np.float32((draws.below(65536) / 32768 - 1) * np.pi)
        fire = np.float32(draws.below(65536) / 65535)
        taken.clear()
        at = [np.abs(radius * np.cos(theta)), np.abs(radius * np.sin(theta))]
        for threshold in (np.float32(0.5), *at, *(np.nextafter(edge, np.float32(0)) for edge in at)):
            environment.continuous_action_threshold = float(threshold)
            environment.step(np.array([radius, theta, fire], dtype=np.float32))
        for action, strength in taken:
            total.add(action, np.float32(strength).reshape(1))
        edges.append([int(edge.view(np.uint32)) for edge in at])
    return {"edges": edges, "sum": total.value}


parser = argparse.ArgumentParser(description="Records what native ALE shows through ale-py's interface.")
parser.add_argument("games", nargs="*", help="by ALE's names; all that are not given")
parser.add_argument("--frames", type=int, default=180, help="of each run of a game")
parser.add_argument("--mode-frames", type=int, default=30, help="in each mode and difficulty")
parser.add_argument("--every", type=int, default=15, help="frames from picture to picture")
args = parser.parse_args()
ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
file = {
    "source": f"ale-py {ale_py.__version__}",
    "frames": args.frames,
    "modeFrames": args.mode_frames,
    "every": args.every,
    "continuous": continuous(300),
    "games": {},
}
supported = [name for name in roms.get_all_rom_ids() if ale_py.ALEInterface.isSupportedROM(roms.get_rom_path(name))]
for game in args.games or sorted(supported):
    ale = load(game, 0, 0.0)
    modes, difficulties = ale.getAvailableModes(), ale.getAvailableDifficulties()
    file["games"][game] = {
        "minimalActions": [action.value for action in ale.getMinimalActionSet()],
        "legalActions": [action.value for action in ale.getLegalActionSet()],
        "modes": list(modes),
        "difficulties": list(difficulties),
        "defaults": [ale.getScreenDims()[0], ale.getRAMSize(), ale.getAudioSize(), ale.lives()],
        "inMode": every_combination(game, ale, args.mode_frames),
        "sticky": sticky(game, args.frames, args.every),
        "limited": limited(game, args.frames, args.every),
        "averaged": averaged(game, args.frames, args.every),
    }
    print(game, file=sys.stderr)
json.dump(file, sys.stdout, separators=(",", ":"))
