"""Writes atari-preprocessing.json beside it: what ale-py's AtariVectorEnv and AtariEnv, Gymnasium's AtariPreprocessing,
Stable-Baselines3's wrappers and OpenCV's INTER_AREA make of Atari games, as hashes every few steps.

In a virtual environment, only to make the file anew:
    pip install ale-py==0.12.1 gymnasium==1.4.0 stable-baselines3==2.9.2 opencv-python-headless==5.0.0.93 numpy==2.4.6
    python test/oracle/atari-preprocessing.py
"""

import hashlib
import json
from pathlib import Path

import ale_py
import cv2
import gymnasium as gym
import numpy as np
from ale_py.vector_env import AtariVectorEnv
from gymnasium.wrappers import AtariPreprocessing, FrameStackObservation
from stable_baselines3.common import atari_wrappers as sb3
from stable_baselines3.common.vec_env import DummyVecEnv, VecFrameStack

gym.register_envs(ale_py)


class Random:
    """s = s * 1664525 + 1013904223 mod 2^32 before every draw."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        return (self.bits() >> 16) % n

    def unit(self):
        return (self.bits() >> 8) / 2**24

    def bits(self):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return self.state


class Marks:
    """SHA-256 over everything seen so far but last observations, with sums; a mark every so many steps."""

    def __init__(self, every):
        self.every, self.hash, self.marks = every, hashlib.sha256(), []
        self.steps, self.reward, self.ends = 0, 0, 0

    def see(self, *observations):
        for observation in observations:
            self.hash.update(np.ascontiguousarray(observation).tobytes())

    def step(self, reward, terminated, truncated, lives):
        self.reward += float(reward)
        self.ends += int(terminated) + 1000 * int(truncated)
        self.steps += 1
        if self.steps % self.every == 0:
            self.marks.append([self.hash.hexdigest()[:12], self.reward, self.ends, int(lives)])


def resized():
    """Gray and RGB screens after 60 frames, shrunk by cv2 to many sizes."""
    sizes = [(84, 84), (80, 105), (80, 70), (40, 42), (160, 105), (80, 210), (160, 210), (53, 70), (96, 96), (64, 64)]
    sizes += [(128, 128), (100, 84), (84, 110), (32, 42), (160, 84), (84, 210), (42, 42), (1, 1), (7, 5), (159, 209)]
    sizes += [(150, 200), (20, 30), (10, 6), (5, 7), (47, 203), (123, 77)]
    for game in ["seaquest", "tennis", "journey_escape"]:
        ale = ale_py.ALEInterface()
        ale.setInt("random_seed", 1)
        ale.setFloat("repeat_action_probability", 0.0)
        ale.loadROM(ale_py.roms.get_rom_path(game))
        random, actions = Random(1), ale.getMinimalActionSet()
        for _ in range(60):
            ale.act(actions[random.below(len(actions))])
        screens = [ale.getScreenGrayscale(), ale.getScreenRGB()]
        shrunk = []
        for size in sizes + [screens[0].shape[::-1]]:
            pictures = [cv2.resize(screen, size, interpolation=cv2.INTER_AREA) for screen in screens]
            shrunk.append([*size, *(hashlib.sha256(picture.tobytes()).hexdigest()[:12] for picture in pictures)])
        yield {"game": game, "shrunk": shrunk}


def vectors():
    """AtariVectorEnv with two environments, next-step autoreset; last observations, which it shows stale, left out."""
    plain = {"noop_max": 0, "use_fire_reset": False}
    for game, options in [
        ("breakout", {}),
        ("breakout", {"repeat_action_probability": 0.25, "reward_clipping": False, "noop_max": 17}),
        ("breakout", {"life_loss_info": True, "use_fire_reset": False, "repeat_action_probability": 0.25}),
        ("seaquest", {"grayscale": False, "img_width": 96, "img_height": 100, "stack_num": 2, "full_action_space": True,
                      "repeat_action_probability": 0.25}),
        ("pong", {"maxpool": False, "frameskip": 3, "img_width": 80, "img_height": 105, "use_fire_reset": False}),
        ("space_invaders", {"img_width": 160, "img_height": 210, "stack_num": 1, "noop_max": 1}),
        ("qbert", {"grayscale": False, "frameskip": 7, "noop_max": 5}),
        ("tennis", {"grayscale": False, "img_width": 64, "img_height": 64, "frameskip": 1, "stack_num": 3}),
        ("ms_pacman", {"max_num_frames_per_episode": 402, **plain}),
        ("kaboom", {"repeat_action_probability": 0.1, "max_num_frames_per_episode": 1000, **plain}),
    ]:  # fmt: skip
        seeds = [7, 2**31 - 1]
        env = AtariVectorEnv(game, num_envs=2, num_threads=1, **options)
        observations, infos = env.reset(seed=np.array(seeds))
        marks = [Marks(40) for _ in seeds]
        randoms = [Random(seed) for seed in seeds]
        for mark, observation in zip(marks, observations):
            mark.see(observation)
        over = [False, False]
        for _ in range(160):
            actions = [0 if over[i] else randoms[i].below(env.single_action_space.n) for i in range(2)]
            observations, rewards, terminated, truncated, infos = env.step(np.array(actions))
            for i, mark in enumerate(marks):
                began, over[i] = over[i], bool(terminated[i] or truncated[i]) and not (
                    options.get("life_loss_info") and infos["lives"][i] > 0
                )
                if not over[i]:
                    mark.see(observations[i])
                if not began:
                    mark.step(rewards[i], terminated[i], truncated[i], infos["lives"][i])
        env.close()
        for seed, mark in zip(seeds, marks):
            yield {"game": game, "options": options, "seed": seed, "every": 40, "marks": mark.marks}


def preprocessings():
    """AtariEnv, AtariPreprocessing, FrameStackObservation from zeros; last observations, shown stale, left out."""
    for id, made, options, seeds in [
        ("ALE/Breakout-v5", {}, {}, [0, 123456789, 5]),
        ("BreakoutNoFrameskip-v4", {}, {}, [1, 2**31 - 1]),
        ("ALE/Seaquest-v5", {"mode": 0, "difficulty": 1}, {"frame_skip": 3, "grayscale_obs": False,
                                                           "screen_size": (96, 64), "noop_max": 9}, [11, 12]),
        ("ALE/SpaceInvaders-v5", {"mode": 3, "full_action_space": True}, {"screen_size": (160, 210)}, [13]),
        ("ALE/Tennis-v5", {}, {"screen_size": 80, "frame_skip": 1}, [14]),
        ("MsPacmanNoFrameskip-v0", {"max_num_frames_per_episode": 333}, {"noop_max": 30}, [15, 16]),
        ("BreakoutNoFrameskip-v4", {}, {"terminal_on_life_loss": True}, [17, 18]),
    ]:  # fmt: skip
        for seed in seeds:
            env = gym.make(id, frameskip=1, **made)
            env = FrameStackObservation(AtariPreprocessing(env, **options), 4, padding_type="zero")
            mark, random = Marks(20), Random(seed)
            observation, info = env.reset(seed=seed)
            mark.see(observation)
            for _ in range(200):
                observation, reward, terminated, truncated, info = env.step(random.below(env.action_space.n))
                if terminated and options.get("terminal_on_life_loss"):
                    break  # from here on Gymnasium plays another game, and ours the same
                over = terminated or truncated
                if not over:
                    mark.see(observation)
                mark.step(reward, terminated, truncated, info["lives"])
                if over:
                    mark.see(env.reset()[0])
            yield {"id": id, "made": made, "options": options, "seed": seed, "every": 20, "marks": mark.marks}


class Shrink(gym.ObservationWrapper):
    """In place of WarpFrame, which makes gray of the maximum of colours: gray comes first here, as in ALE."""

    def __init__(self, env):
        super().__init__(env)
        self.observation_space = gym.spaces.Box(0, 255, (84, 84, 1), np.uint8)

    def observation(self, frame):
        return cv2.resize(frame, (84, 84), interpolation=cv2.INTER_AREA)[:, :, None]


def baselines():
    """Stable-Baselines3's wrappers over gray screens."""
    for game in ["Breakout", "Seaquest", "SpaceInvaders", "BeamRider"]:
        for seed in [21, 22]:

            def make():
                env = gym.make(f"{game}NoFrameskip-v4", obs_type="grayscale")
                env = sb3.MaxAndSkipEnv(sb3.NoopResetEnv(env), 4)
                return sb3.ClipRewardEnv(Shrink(sb3.FireResetEnv(sb3.EpisodicLifeEnv(env))))

            env = VecFrameStack(DummyVecEnv([make]), 4, channels_order="last")
            env.seed(seed)
            mark, random = Marks(40), Random(seed)
            mark.see(env.reset()[0])
            for _ in range(240):
                observations, rewards, dones, infos = env.step([random.below(env.action_space.n)])
                # Where an episode ends, this is the first observation of the next.
                mark.see(observations[0])
                mark.step(rewards[0], dones[0], False, 0)
            yield {"game": game, "seed": seed, "every": 40, "marks": mark.marks}


def environments():
    """AtariEnv as Gymnasium registers it."""
    for id, options, seed in [
        ("ALE/Pong-v5", {}, 31),
        ("ALE/Breakout-v5", {"max_num_frames_per_episode": 250}, 32),
        ("Breakout-v4", {}, 33),
        ("Seaquest-v0", {"obs_type": "grayscale"}, 34),
        ("QbertNoFrameskip-v4", {"obs_type": "ram"}, 35),
        ("SpaceInvadersNoFrameskip-v0", {"obs_type": "grayscale", "full_action_space": True}, 36),
        ("ALE/Breakout-v5", {"sound_obs": True, "obs_type": "ram"}, 37),
        ("ALE/Pitfall-v5", {"frameskip": (1, 7), "obs_type": "ram", "max_num_frames_per_episode": 200}, 38),
        ("ALE/Breakout-v5", {"mode": 8, "difficulty": 1, "obs_type": "grayscale"}, 39),
        ("ALE/Kaboom-v5", {"continuous": True, "obs_type": "ram"}, 40),
        ("ALE/Seaquest-v5", {"continuous": True, "continuous_action_threshold": 0.25, "obs_type": "ram"}, 41),
    ]:  # fmt: skip
        env = gym.make(id, **options)
        mark, random = Marks(20), Random(seed)

        def see(observation, info):
            parts = [observation["image"], observation["sound"]] if options.get("sound_obs") else [observation]
            mark.see(*parts)
            mark.see(np.array([info[key] for key in ["lives", "episode_frame_number", "frame_number"]], np.int32))

        def action():
            if not options.get("continuous"):
                return random.below(env.action_space.n)
            return np.array([random.unit(), (2 * random.unit() - 1) * 3.14, random.unit()], np.float32)

        see(*env.reset(seed=seed))
        for step in range(200):
            observation, reward, terminated, truncated, info = env.step(action())
            see(observation, info)
            mark.step(reward, terminated, truncated, info["lives"])
            if step == 150:
                see(*env.reset(seed=seed + 1))
            elif terminated or truncated:
                see(*env.reset())
        yield {"id": id, "options": options, "seed": seed, "every": 20, "marks": mark.marks}


if __name__ == "__main__":
    sections = [resized, vectors, preprocessings, baselines, environments]
    recorded = {section.__name__: list(section()) for section in sections}
    lines = [f'"{name}": [\n' + ",\n".join(map(json.dumps, traces)) + "\n]" for name, traces in recorded.items()]
    Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
