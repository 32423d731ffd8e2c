"""PPO of Stable-Baselines3, or RecurrentPPO of sb3-contrib with --lstm UNITS, on an Atari game.

Environments are make_atari_env's defaults; hyper-parameters are those of RL Baselines3 Zoo for Atari, in both. Prints
`update N` when update N has ended: when the next rollout begins, or training ends.
"""

import argparse

import ale_py
import gymnasium
from sb3_contrib import RecurrentPPO
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_atari_env
from stable_baselines3.common.vec_env import VecFrameStack


class UpdateEnds(BaseCallback):
    """Says when an update has ended."""

    def __init__(self):
        super().__init__()
        self.rollouts = 0

    def _on_step(self):
        return True

    def _on_rollout_start(self):
        self._tell()
        self.rollouts += 1

    def _on_training_end(self):
        self._tell()

    def _tell(self):
        if self.rollouts > 0:
            print(f"update {self.rollouts}", flush=True)


def linear(start):
    """A schedule that falls from `start` to 0 over the training."""
    return lambda remaining: start * remaining


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--env-id", required=True)
    for name in ["seed", "steps", "envs", "rollout", "minibatches", "epochs"]:
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--lstm", type=int)
    options = parser.parse_args()

    gymnasium.register_envs(ale_py)
    env = VecFrameStack(make_atari_env(options.env_id, n_envs=options.envs, seed=options.seed), n_stack=4)
    settings = {
        "n_steps": options.rollout,
        "batch_size": options.envs * options.rollout // options.minibatches,
        "n_epochs": options.epochs,
        "learning_rate": linear(2.5e-4),
        "clip_range": linear(0.1),
        "vf_coef": 0.5,
        "ent_coef": 0.01,
        "seed": options.seed,
    }
    if options.lstm is None:
        model = PPO("CnnPolicy", env, **settings)
    else:
        model = RecurrentPPO("CnnLstmPolicy", env, policy_kwargs={"lstm_hidden_size": options.lstm}, **settings)
    model.learn(options.steps, callback=UpdateEnds())


main()
