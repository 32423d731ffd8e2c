import { type Ale, actionNames, continuousAction } from 'ale-wasm';
import {
  Box,
  Dict,
  Discrete,
  type Env,
  type Generator,
  npRandom,
  type RenderFrame,
  type ResetOptions,
  type ResetResult,
  type StepResult,
} from 'gym-js';
import { UserError } from '../user-error.ts';
import { type AtariEnvOptions, type AtariEnvSettings, atariEnvSettings, atariMetadata } from './atari-env-options.ts';
import { resolveGame } from './games.ts';
import { gymnasiumSeeds } from './seeding.ts';
import { sharedAle } from './shared-ale.ts';

/** Bytes of the console, or with `soundObs` also the 512 samples of the last frame. */
export type AtariObservation = Uint8Array | { image: Uint8Array; sound: Uint8Array };
/** An index into the actions, or of `continuous` environments radius, angle and button of a stick. */
export type AtariAction = number | Float32Array;

/**
 * An Atari game as ale-py shows it to Gymnasium: whole screens or RAM, frames skipped but not pooled, plain rewards.
 * The same seed and actions give what they give there. After the end of an episode nothing moves until `reset`. `info`
 * has `lives`, `episodeFrameNumber`, `frameNumber`, and after a seeded reset the `seeds` made of it.
 */
export class AtariEnv implements Env<AtariObservation, AtariAction> {
  readonly metadata = atariMetadata;
  readonly observationSpace: Box<'uint8'> | Dict<{ image: Box<'uint8'>; sound: Box<'uint8'> }>;
  readonly actionSpace: Discrete | Box<'float32'>;
  readonly renderMode: 'rgb_array' | undefined;
  /** One name per action index, such as 'FIRE'. */
  readonly actionMeanings: readonly string[];

  private readonly ale: Ale;
  private readonly rom: Uint8Array;
  private readonly settings: AtariEnvSettings;
  private readonly actionCodes: readonly number[];
  private random: Generator;

  /** @throws UserError or AleError for an unknown game, or an option that it does not have */
  static async create(options: AtariEnvOptions): Promise<AtariEnv> {
    const { rom } = resolveGame(options.game);
    const settings = atariEnvSettings(options);
    const module = await sharedAle();
    return new AtariEnv(await module.create(), await module.rom(rom), settings);
  }

  private constructor(ale: Ale, rom: Uint8Array, settings: AtariEnvSettings) {
    const { obsType, soundObs, fullActionSpace, continuous } = settings;
    this.ale = ale;
    this.rom = rom;
    this.settings = settings;
    this.renderMode = settings.renderMode;
    ale.setRepeatActionProbability(settings.repeatActionProbability);
    ale.setMaxFramesPerEpisode(settings.maxNumFramesPerEpisode);
    ale.setSound(soundObs);
    ({ random: this.random } = this.load(npRandom().seed));
    this.actionCodes = fullActionSpace || continuous ? ale.legalActions() : ale.minimalActions();
    this.actionMeanings = this.actionCodes.map((code) => actionNames[code] ?? `${code}`);
    this.actionSpace = continuous ? stick() : new Discrete(this.actionCodes.length);
    const screen = [ale.screenHeight, ale.screenWidth];
    const image = bytes({ ram: [ale.ram.length], grayscale: screen, rgb: [...screen, 3] }[obsType]);
    this.observationSpace = soundObs ? new Dict({ image, sound: bytes([ale.audio.length]) }) : image;
  }

  reset({ seed }: ResetOptions = {}): ResetResult<AtariObservation> {
    const seeded = seed === undefined ? undefined : this.load(seed);
    if (seeded) this.random = seeded.random;
    this.ale.resetGame();
    return { observation: this.observe(), info: { ...this.info(), ...(seeded && { seeds: seeded.seeds }) } };
  }

  step(action: AtariAction): StepResult<AtariObservation> {
    const { ale, settings, actionSpace } = this;
    if (!actionSpace.contains(action))
      throw new RangeError(`action ${String(action)} is not in ${String(actionSpace)}`);
    const { frameskip } = settings;
    const frames = typeof frameskip === 'number' ? frameskip : this.random.integers(frameskip[0], frameskip[1]);
    const { action: code, strength } = this.pressed(action);
    let reward = 0;
    // After the game's end too, as ale-py: nothing moves then, but sticky actions draw their numbers.
    for (let frame = 0; frame < frames; frame++) reward += ale.act(code, strength);
    const terminated = ale.gameTerminal;
    return { observation: this.observe(), reward, terminated, truncated: ale.gameTruncated, info: this.info() };
  }

  /** The screen, as it is. Throws UserError where the environment was made without a `renderMode`. */
  render(): RenderFrame {
    const { ale } = this;
    if (this.renderMode === undefined) throw new UserError("no renderMode was chosen; make it with 'rgb_array'");
    return { data: ale.screenRgb().slice(), height: ale.screenHeight, width: ale.screenWidth };
  }

  close(): void {
    this.ale.close();
  }

  /** What an action does to the controls, by ALE's code. */
  private pressed(action: AtariAction): { action: number; strength: number } {
    if (typeof action === 'number') return { action: this.actionCodes[action] ?? 0, strength: 1 };
    const [radius = 0, angle = 0, button = 0] = action;
    return continuousAction(radius, angle, button, this.settings.continuousActionThreshold);
  }

  /** Puts the cartridge in anew. */
  private load(seed: number): { random: Generator; seeds: [number, number] } {
    const { ale, settings } = this;
    const { generatorSeed, emulatorSeed } = gymnasiumSeeds(seed);
    ale.setSeed(emulatorSeed);
    ale.insertRom(this.rom);
    if (settings.mode !== undefined) ale.setMode(settings.mode);
    if (settings.difficulty !== undefined) ale.setDifficulty(settings.difficulty);
    return { random: npRandom(generatorSeed).random, seeds: [generatorSeed, emulatorSeed] };
  }

  private observe(): AtariObservation {
    const { ale, settings } = this;
    const { obsType } = settings;
    const image = obsType === 'ram' ? ale.ram : obsType === 'rgb' ? ale.screenRgb() : ale.screenGray();
    return settings.soundObs ? { image: image.slice(), sound: ale.audio.slice() } : image.slice();
  }

  private info(): Record<string, unknown> {
    const { lives, episodeFrameNumber, frameNumber } = this.ale;
    return { lives, episodeFrameNumber, frameNumber };
  }
}

function bytes(shape: readonly number[]): Box<'uint8'> {
  return new Box({ low: 0, high: 255, shape, dtype: 'uint8' });
}

/** Radius, angle and button: 0..1, -pi..pi, 0..1. */
function stick(): Box<'float32'> {
  return new Box({ low: [0, -Math.PI, 0], high: [1, Math.PI, 1], shape: [3], dtype: 'float32' });
}
