import { type Ale, continuousAction } from 'ale-wasm';
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
import { type AtariEnvOptions, type AtariEnvSettings, atariEnvSettings, atariMetadata } from './atari-env-options.ts';
import { actionsOf, insertGame, screenOf } from './console.ts';
import { resolveGame } from './games.ts';
import { packEnv, unpackEnv } from './saved-env.ts';
import { gymnasiumSeeds } from './seeding.ts';
import { sharedAle } from './shared-ale.ts';

/** Bytes of the console, or with `soundObs` also the 512 samples of the last frame. */
export type AtariObservation = Uint8Array | { image: Uint8Array; sound: Uint8Array };
/** An index into the actions, or of `continuous` environments radius, angle and button of a stick. */
export type AtariAction = number | Float32Array;

/** What `saveState` keeps. */
interface State {
  /** The emulator's snapshot. */
  readonly emulator: Uint8Array;
  readonly random: Generator['state'];
}

const savedKind = 'AtariEnv';

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
    const settings = atariEnvSettings(options);
    const { rom, name: game } = resolveGame(options.game);
    const module = await sharedAle();
    const bytes = await module.rom(rom);
    const ale = await module.create();
    try {
      return new AtariEnv(ale, bytes, { ...settings, game });
    } catch (error) {
      ale.close();
      throw error;
    }
  }

  private constructor(ale: Ale, rom: Uint8Array, settings: AtariEnvSettings) {
    const { obsType, soundObs, fullActionSpace, continuous } = settings;
    this.ale = ale;
    this.rom = rom;
    this.settings = settings;
    this.renderMode = settings.renderMode;
    ale.setSound(soundObs);
    ({ random: this.random } = this.load(npRandom().seed));
    ({ codes: this.actionCodes, meanings: this.actionMeanings } = actionsOf(ale, fullActionSpace || continuous));
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
    return screenOf(this.ale, this.renderMode);
  }

  close(): void {
    this.ale.close();
  }

  /** All that decides how it goes on, as bytes: after `restoreState`, here or in another, nothing differs. */
  saveState(): Uint8Array {
    const state: State = { emulator: this.ale.saveState(), random: this.random.state };
    return packEnv(savedKind, this.played(), state);
  }

  /**
   * Goes on from what `saveState` of one with the same options returned.
   * @returns what is to be seen there
   * @throws UserError for bytes that are damaged, foreign or of other options; nothing has changed then
   */
  restoreState(saved: Uint8Array): ResetResult<AtariObservation> {
    const { emulator, random } = unpackEnv<State>(savedKind, this.played(), saved);
    this.ale.restoreState(emulator);
    this.random.restore(random);
    return { observation: this.observe(), info: this.info() };
  }

  /** The options that decide how it goes on. */
  private played(): object {
    return { ...this.settings, renderMode: undefined };
  }

  /** What an action does to the controls, by ALE's code. */
  private pressed(action: AtariAction): { action: number; strength: number } {
    if (typeof action === 'number') return { action: this.actionCodes[action] ?? 0, strength: 1 };
    const [radius = 0, angle = 0, button = 0] = action;
    return continuousAction(radius, angle, button, this.settings.continuousActionThreshold);
  }

  /** Puts the cartridge in anew. */
  private load(seed: number): { random: Generator; seeds: [number, number] } {
    const { generatorSeed, emulatorSeed } = gymnasiumSeeds(seed);
    insertGame(this.ale, this.rom, this.settings, emulatorSeed);
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
