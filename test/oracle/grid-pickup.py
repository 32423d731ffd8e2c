"""Writes grid-pickup.json beside it: episodes of a pick-up level made of MiniGrid's and BabyAI's own parts.

Recorded with minigrid 3.2.0, gymnasium 1.4.0 and numpy 2.4.6 on Linux x86-64. In a virtual environment, only to make
the file anew:
    pip install minigrid==3.2.0 gymnasium==1.4.0 numpy==2.4.6
    python test/oracle/grid-pickup.py

BabyAI has no level with colours of their own for distractors, so the level is defined here, by the methods that its
levels are made of. Each trace is one level that is reset with its seed, stepped with the recorded actions, and reset
without a seed whenever an episode ends. Arrays are base64 of little-endian numbers:
    actions        uint8, one per step: left, right, forward, pick up
    observations   uint8, packed by zlib: the image's 147 numbers, then the direction; that of the first reset, then that of each step,
                   and of each reset in its place
    rewards        float64, one per step
    ends           uint8, one per step: 1 terminated, 2 truncated, 3 both
    missions       one text per episode
"""

import base64
import json
import zlib
from pathlib import Path

import gymnasium
import numpy as np
from minigrid.core.constants import COLOR_NAMES
from minigrid.envs.babyai.core.roomgrid_level import RoomGridLevel
from minigrid.envs.babyai.core.verifier import ObjDesc, PickupInstr
from record import coded, played


class GridPickup(RoomGridLevel):
    def __init__(self, room_size, distractors, target_colors, distractor_colors):
        self.distractors = distractors
        self.missions = []
        self.colors = [target_colors] + distractors * [distractor_colors]
        super().__init__(num_rows=1, num_cols=1, room_size=room_size)

    def reset(self, **arguments):
        observation, info = super().reset(**arguments)
        self.missions.append(observation["mission"])
        return observation, info

    def gen_mission(self):
        put = []
        while len(put) <= self.distractors:
            color = self._rand_elem([c for c in COLOR_NAMES if c in self.colors[len(put)]])
            kind = self._rand_elem(["key", "ball", "box"])
            if (kind, color) not in put:
                self.add_object(0, 0, kind, color)
                put.append((kind, color))
        self.place_agent(0, 0)
        self.check_objs_reachable()
        self.instrs = PickupInstr(ObjDesc(*put[0]), strict=True)


def trace(seed, steps, probabilities, **options):
    env = GridPickup(**options)
    draw = np.random.default_rng(seed)
    actions, observations, rewards, ends = played(env, lambda _: int(draw.choice(4, p=probabilities)), seed, steps)
    flat = [np.append(seen["image"].ravel(), seen["direction"]) for seen in observations]
    packed = base64.b64encode(zlib.compress(np.asarray(flat, dtype="u1").tobytes(), 9)).decode()
    return {
        "id": "GridPickup",
        "seed": seed,
        "options": options,
        "actions": coded(actions, "u1"),
        "observations": packed,
        "rewards": coded(rewards, "<f8"),
        "ends": coded(ends, "u1"),
        "missions": env.missions,
    }


bright, dull = ["red", "green", "blue"], ["purple", "yellow", "grey"]
often = [0.2, 0.2, 0.4, 0.2]
seldom = [0.3, 0.3, 0.39, 0.01]
traces = [
    trace(0, 400, often, room_size=8, distractors=3, target_colors=bright, distractor_colors=bright),
    trace(1, 400, seldom, room_size=8, distractors=3, target_colors=bright, distractor_colors=bright),
    trace(2, 400, often, room_size=8, distractors=8, target_colors=bright, distractor_colors=dull),
    trace(3, 400, often, room_size=6, distractors=4, target_colors=COLOR_NAMES, distractor_colors=COLOR_NAMES),
    trace(4, 400, seldom, room_size=12, distractors=6, target_colors=["yellow"], distractor_colors=COLOR_NAMES),
    trace(5, 400, often, room_size=5, distractors=0, target_colors=["grey"], distractor_colors=["grey"]),
]
versions = {"minigrid": "3.2.0", "gymnasium": gymnasium.__version__, "numpy": np.__version__}
text = json.dumps({**versions, "traces": traces}, indent=1)
Path(__file__).with_name("grid-pickup.json").write_text(text + "\n")
