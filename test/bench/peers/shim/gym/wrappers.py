"""gym 0.23's wrappers by their old names."""

import cv2
import gymnasium
import numpy as np
from gymnasium.wrappers import FrameStackObservation, RecordEpisodeStatistics, ResizeObservation

__all__ = ["FrameStack", "GrayScaleObservation", "RecordEpisodeStatistics", "ResizeObservation"]


class GrayScaleObservation(gymnasium.ObservationWrapper):
    """RGB (h, w, 3) to gray (h, w) by OpenCV, as gym 0.23 did; Gymnasium's own does it in NumPy, which is slower."""

    def __init__(self, env):
        super().__init__(env)
        height, width, _ = env.observation_space.shape
        self.observation_space = gymnasium.spaces.Box(0, 255, (height, width), np.uint8)

    def observation(self, observation):
        return cv2.cvtColor(observation, cv2.COLOR_RGB2GRAY)


class FrameStack(FrameStackObservation):
    """The scripts' outermost wrapper: it also keeps the seed that they set, for the first reset to take."""

    def __init__(self, env, num_stack):
        super().__init__(env, num_stack)
        self._first_seed = None

    def seed(self, seed):
        self._first_seed = seed

    def reset(self, *, seed=None, options=None):
        if seed is None:
            seed, self._first_seed = self._first_seed, None
        return super().reset(seed=seed, options=options)
