"""gym 0.23's vector environment: reset gives observations alone; step gives (observations, rewards, dones, infos)."""

import gymnasium
from gymnasium.vector import AutoresetMode


class SyncVectorEnv(gymnasium.vector.SyncVectorEnv):
    """An environment that is done is reset within the same step, as in gym 0.23."""

    def __init__(self, env_fns):
        super().__init__(env_fns, autoreset_mode=AutoresetMode.SAME_STEP)

    def reset(self):
        observations, _ = super().reset()
        return observations

    def step(self, actions):
        observations, rewards, terminated, truncated, infos = super().step(actions)
        return observations, rewards, terminated | truncated, _episodes(infos)


def _episodes(infos):
    """The infos that the scripts read: one {"episode": {"r": return, "l": length}} per game that has just ended."""
    final = infos.get("final_info", {})
    if "episode" not in final:
        return []
    episode, ended = final["episode"], final["_episode"]
    return [
        {"episode": {"r": float(r), "l": int(length)}}
        for r, length, end in zip(episode["r"], episode["l"], ended)
        if end
    ]
