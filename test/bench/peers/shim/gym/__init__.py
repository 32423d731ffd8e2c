"""The part of gym 0.23 that CleanRL 1.2.0's Atari scripts use, on top of today's Gymnasium.

gym 0.23 does not install on the Pythons of today. The scripts stay unedited, so this package takes its name: it is put
on PYTHONPATH of the peer alone. Three differences are bridged: `env.seed(seed)` (now an argument of the first reset),
a reset and a step without `truncated` and without an info from reset, and the wrappers' old names.
"""

import ale_py
import gymnasium
from gymnasium import spaces

from . import vector, wrappers

__all__ = ["make", "spaces", "vector", "wrappers"]

gymnasium.register_envs(ale_py)


def make(env_id):
    """As gym 0.23 did, without the checker that Gymnasium would wrap around every environment."""
    return gymnasium.make(env_id, disable_env_checker=True)
