"""Plays whole games of Atari by an exported agent, from its file alone; always takes the most likely action. Prints a
line of JSON for each game: seed, score, frames, and its actions as indices into the file's actionMeanings.

    pip install onnxruntime numpy ale-py
    python play.py agent.onnx --games 20 --seed 0
"""
import argparse
import json
import ale_py.roms
import numpy as np
import onnxruntime

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--games", type=int, default=1)
parser.add_argument("--seed", type=int, default=0)
args = parser.parse_args()
session = onnxruntime.InferenceSession(args.model, providers=["CPUExecutionProvider"])
output_names = [output.name for output in session.get_outputs()]
meta = session.get_modelmeta().custom_metadata_map
recipe, meanings, states = (json.loads(meta.get(key, "{}")) for key in ("settings", "actionMeanings", "states"))
if (found := (meta.get("format"), recipe.get("seeding"), recipe.get("screenSize"))) != ("2", "gymnasium", 84):
    raise SystemExit(f"{args.model} has format, seeding and screenSize {found}; needed are 2, gymnasium and 84")
rom = next(rom for rom in ale_py.roms.get_all_rom_ids() if rom.replace("_", "") == meta["game"].lower())
codes = [getattr(ale_py.Action, meaning) for meaning in meanings]
fire_codes = codes[1:3] if recipe["fireReset"] and "FIRE" in meanings else []
ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
ale = ale_py.ALEInterface()
screen = ale.getScreenGrayscale if recipe["grayscale"] else ale.getScreenRGB

def shrink(picture, side=84):
    """INTER_AREA along the first axis; sums in float32 from pixel to pixel, so that they equal OpenCV's."""
    scale, size, total = 1 / (side / len(picture)), len(picture), np.float32(0)
    start = np.arange(side) * scale
    for i in range(int(scale) + 2):  # the i-th pixel that each target covers, and how much of it
        pixel = np.minimum(start.astype(int) + i, size)
        share = np.minimum(np.minimum(start + scale, size), pixel + 1) - np.maximum(start, pixel)
        weight = np.where(share > 1e-3, share / np.minimum(scale, size - start), 0).astype(np.float32)
        total = total + (picture[np.minimum(pixel, size - 1)].T * weight).T
    return total

def hold(code, frames=recipe["frameSkip"]):
    """One agent step: its reward and frame, (84, 84, channels)."""
    reward, screens = 0, []
    while len(screens) < frames and not ale.game_over():
        reward, screens = reward + ale.act(code), [*screens, screen()]
    newest = (screens or [screen()])[-2 if recipe["maxPool"] else -1 :]
    columns = shrink(np.max(newest, axis=0).swapaxes(0, 1))
    return reward, np.rint(shrink(columns.swapaxes(0, 1))).astype(np.uint8).reshape(84, 84, -1)

for seed in range(args.seed, args.seed + args.games):
    generator_seed, emulator_seed = np.random.SeedSequence(seed).generate_state(2)  # as Gymnasium's AtariEnv
    ale.setInt("random_seed", emulator_seed.astype(np.int32))
    ale.setFloat("repeat_action_probability", recipe["repeatActionProbability"])
    ale.setInt("max_num_frames_per_episode", recipe["maxNumFramesPerEpisode"])
    ale.loadROM(ale_py.roms.get_rom_path(rom))
    for setting, change in ("mode", ale.setMode), ("difficulty", ale.setDifficulty):
        change(recipe[setting]) if setting in recipe else None
    ale.reset_game()
    for _ in range(recipe["noopMax"] and np.random.default_rng(generator_seed).integers(recipe["noopMax"]) + 1):
        ale.act(ale_py.Action.NOOP)
    score, actions, keep, first_codes, (_, frame) = 0, [], 0, fire_codes, hold(ale_py.Action.NOOP, frames=0)
    stack = np.concatenate([np.repeat(frame * 0, recipe["stackNum"] - 1, axis=2), frame], axis=2)
    memory = {state["input"]: np.zeros((1, state["width"]), np.float32) for state in states}
    while not ale.game_over():
        if keep == 0:  # a new game, or a new life where that is an episode of its own
            for code in first_codes:
                reward, frame = hold(code)
                score, stack = score + reward, np.concatenate([stack[..., frame.shape[2] :] * 0, frame], axis=2)
            lives, first_codes = ale.lives(), fire_codes and [ale_py.Action.NOOP, *fire_codes]
        inputs = {"observation": stack[None], "keep": np.array([keep], np.float32), **memory}
        outputs = dict(zip(output_names, session.run(output_names, inputs)))
        memory = {state["input"]: outputs[state["output"]] for state in states}
        actions.append(int(outputs["logits"].argmax()))
        reward, frame = hold(codes[actions[-1]])
        score, stack = score + reward, np.concatenate([stack[..., frame.shape[2] :], frame], axis=2)
        keep = int(not (recipe["terminalOnLifeLoss"] and 0 < ale.lives() < lives))
        lives = ale.lives()
    result = {"seed": seed, "score": int(score), "frames": ale.getEpisodeFrameNumber(), "actions": actions}
    print(json.dumps(result), flush=True)
