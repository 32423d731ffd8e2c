"""One measurement of a peer's Atari environments: `environments.py JSON` prints its result as one line of JSON.

The tasks and their settings are those of test/bench/environments/plan.ts, the rules are told in test/bench/README.md;
environments/ours.ts does the same with ours.
"""

import functools
import importlib.util
import json
import sys
import time
import types

MEMORY_STEPS = 20  # that a vector plays before its memory is looked at


def resident():
    """Bytes of memory that this process holds (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


class Draws:
    """Numerical Recipes' generator, of which the high bits are used."""

    def __init__(self):
        self.state = 1

    def below(self, n):
        self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
        return self.state * n >> 32


def rate(work, seconds):
    """Units per second: `work` does some and tells how many. A third of the time goes before it."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds / 3:
        work()
    done = 0
    begin = time.perf_counter()
    while True:
        done += work()
        elapsed = time.perf_counter() - begin
        if elapsed >= seconds:
            return done / elapsed


def load(game, sticky=0.0):
    """An emulator of ale-py with its game."""
    from ale_py import ALEInterface, LoggerMode, roms

    ALEInterface.setLoggerMode(LoggerMode.Error)
    ale = ALEInterface()
    ale.setInt("random_seed", 1)
    ale.setFloat("repeat_action_probability", sticky)
    ale.loadROM(roms.get_rom_path(game))
    return ale


def frames(seconds, game, sticky):
    """Frames per second of one emulator, its screen copied each time."""
    import numpy

    ale, draws = load(game, sticky), Draws()
    actions = ale.getMinimalActionSet()
    screen = numpy.empty(ale.getScreenDims(), numpy.uint8)

    def play():
        for _ in range(50):
            if ale.game_over():
                ale.reset_game()
            ale.act(actions[draws.below(len(actions))])
            ale.getScreen(screen)
        return 50

    return rate(play, seconds)


def preprocessing(seconds, game):
    """Observations per second from the screens of two frames, as Gymnasium's AtariPreprocessing makes them."""
    import cv2
    import numpy

    cv2.setNumThreads(1)
    ale, draws = load(game), Draws()
    actions = ale.getMinimalActionSet()
    a, b = (numpy.empty(ale.getScreenDims(), numpy.uint8) for _ in range(2))
    spent = made = 0
    while spent < seconds:
        for _ in range(5):
            if ale.game_over():
                ale.reset_game()
            ale.act(actions[draws.below(len(actions))])
        begin = time.perf_counter()
        for _ in range(100):
            ale.getScreenGrayscale(a)
            ale.getScreenGrayscale(b)
            numpy.maximum(a, b, out=a)
            cv2.resize(a, (84, 84), interpolation=cv2.INTER_AREA)
        spent += time.perf_counter() - begin
        made += 100
    return made / spent


def instances(game, count):
    """Memory and seconds that one more emulator takes, of so many after the first two."""
    kept = [load(game) for _ in range(2)]
    before, begin = resident(), time.perf_counter()
    kept += [load(game) for _ in range(count)]
    return {"bytes": (resident() - before) / count, "seconds": (time.perf_counter() - begin) / count}


@functools.cache
def envpool_make():
    """EnvPool's `make`, with the Atari games alone: the package's own start imports what MuJoCo needs too."""
    package = types.ModuleType("envpool")
    package.__path__ = list(importlib.util.find_spec("envpool").submodule_search_locations)
    sys.modules["envpool"] = package
    importlib.import_module("envpool.atari.registration")
    return importlib.import_module("envpool.registration").make


def vector(by, envs, batch, threads, **_):
    """A vector environment of Breakout: 4 frames a step, 84x84 gray, 4 of them stacked."""
    if by == "ale-py":
        from ale_py.vector_env import AtariVectorEnv

        return AtariVectorEnv("breakout", envs, batch_size=batch, num_threads=threads)
    if by == "envpool":
        return envpool_make()(
            "Breakout-v5", env_type="gymnasium", num_envs=envs, batch_size=batch, num_threads=threads
        )
    import ale_py
    import gymnasium
    from gymnasium.wrappers import AtariPreprocessing, FrameStackObservation

    gymnasium.register_envs(ale_py)

    def make():
        env = gymnasium.make("BreakoutNoFrameskip-v4")
        return FrameStackObservation(AtariPreprocessing(env, frame_skip=4), 4)

    kind = gymnasium.vector.SyncVectorEnv if by == "gymnasium-sync" else gymnasium.vector.AsyncVectorEnv
    return kind([make] * envs)


def steps(seconds, by, envs, batch, threads):
    """Agent steps per second."""
    import numpy

    env, draws = vector(by, envs, batch, threads), Draws()
    if batch == envs:
        env.reset()

        def work():
            env.step(numpy.array([draws.below(4) for _ in range(envs)]))
            return envs

        return rate(work, seconds)

    # ale-py's reset takes all environments and shows the first batch; EnvPool has async_reset for it.
    if hasattr(env, "async_reset"):
        env.async_reset()
        result = env.recv()
    else:
        result = env.reset()

    def work():
        nonlocal result
        ids = result[-1]["env_id"]
        actions = numpy.array([draws.below(4) for _ in ids])
        if by == "envpool":
            env.send(actions, ids)
        else:
            env.send(actions)
        result = env.recv()
        return len(ids)

    return rate(work, seconds)


def memory(by, envs, threads):
    """Memory and seconds per environment of one more vector, all environments a step, beside a small one."""
    import numpy

    def played(count):
        env = vector(by, count, count, threads)
        env.reset()
        for _ in range(MEMORY_STEPS):
            env.step(numpy.zeros(count, int))
        return env

    kept = [played(2)]
    before, begin = resident(), time.perf_counter()
    kept.append(played(envs))
    return {"bytes": (resident() - before) / envs, "seconds": (time.perf_counter() - begin) / envs}


def main():
    wanted = json.loads(sys.argv[1])
    measure = {"frames": frames, "preprocessing": preprocessing, "instances": instances, "memory": memory, "steps": steps}
    print(json.dumps({"result": measure[wanted.pop("what")](**wanted)}), flush=True)


main()
