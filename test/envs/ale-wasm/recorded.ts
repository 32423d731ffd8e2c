// Plays what test/oracle/ale-py.py recorded of native ALE, in the same order and with the same draws.
import { continuousAction, type Ale, type AleModule } from 'ale-wasm';
import { draws } from '../../draws.ts';
import { crc32 } from './crc32.ts';

/** Of one game; the numbers of a run are CRC-32 sums. */
interface RecordedGame {
  minimalActions: number[];
  legalActions: number[];
  modes: number[];
  difficulties: number[];
  /** Screen height, bytes of RAM, samples of sound, lives. */
  defaults: number[];
  /** In each mode, each difficulty; every second of these has sticky actions. */
  inMode: number[];
  sticky: number;
  limited: number;
  averaged: number;
}

export interface Recording {
  source: string;
  /** Of a run in `sticky`, `limited` and `averaged`. */
  frames: number;
  modeFrames: number;
  /** Frames from picture to picture. */
  every: number;
  /** Joystick positions: the bits of the thresholds at which each coordinate just does not count; what was chosen. */
  continuous: { edges: [number, number][]; sum: number };
  games: Record<string, RecordedGame>;
}

/** CRC-32 of all that was added, numbers as int32. */
class Sum {
  value = 0;

  add(...parts: (number | boolean | Uint8Array)[]): void {
    for (const part of parts) {
      const bytes = part instanceof Uint8Array ? part : new Uint8Array(Int32Array.of(Number(part)).buffer);
      this.value = crc32(bytes, this.value);
    }
  }
}

function addCounts(sum: Sum, ale: Ale): void {
  sum.add(ale.lives, ale.frameNumber, ale.episodeFrameNumber, ale.gameTerminal, ale.gameTruncated);
}

/** Now and then plays something else, and comes back: native ALE, whose restores are not exact, goes straight on. */
function takeDetour(ale: Ale, time: number): void {
  if (time % 37 !== 20) return;
  const state = ale.saveState();
  for (let i = 0; i < 8; i++) ale.act((time + i) % 18);
  if (ale.gameOver) ale.resetGame();
  ale.restoreState(state);
}

async function load(module: AleModule, game: string, seed: number, set: (ale: Ale) => void): Promise<Ale> {
  const ale = await module.create();
  ale.setSeed(seed);
  ale.setRepeatActionProbability(0);
  set(ale);
  await ale.loadRom(game);
  return ale;
}

/** What a game has and is at first. */
async function describeGame(module: AleModule, game: string): Promise<Partial<RecordedGame>> {
  const ale = await load(module, game, 0, () => {});
  return {
    minimalActions: ale.minimalActions(),
    legalActions: ale.legalActions(),
    modes: ale.availableModes(),
    difficulties: ale.availableDifficulties(),
    defaults: [ale.screenHeight, ale.ram.length, ale.audio.length, ale.lives],
  };
}

/** A new episode in a mode and a difficulty, minimal actions. */
async function playInMode(
  module: AleModule,
  game: string,
  mode: number,
  difficulty: number,
  sticky: number,
  frames: number,
): Promise<number> {
  const ale = await load(module, game, 1, (empty) => empty.setRepeatActionProbability(sticky));
  ale.setMode(mode);
  ale.setDifficulty(difficulty);
  ale.resetGame();
  const sum = new Sum();
  const below = draws(mode * 4 + difficulty);
  const actions = ale.minimalActions();
  for (let frame = 0; frame < frames; frame++) {
    sum.add(ale.act(actions[below(actions.length)]!));
    if (ale.gameOver) ale.resetGame();
  }
  addCounts(sum, ale);
  sum.add(ale.screen, ale.ram);
  return sum.value;
}

/** Sticky actions, all 18 actions, paddle strengths, sound; every kind of screen. */
async function playSticky(module: AleModule, game: string, frames: number, every: number): Promise<number> {
  const ale = await load(module, game, 2, (empty) => {
    empty.setRepeatActionProbability(0.25);
    empty.setSound(true);
  });
  const sum = new Sum();
  const below = draws(3);
  for (let frame = 1; frame <= frames; frame++) {
    takeDetour(ale, frame);
    sum.add(ale.act(below(18), below(257) / 256));
    if (ale.gameOver) ale.resetGame();
    sum.add(ale.audio);
    if (frame % every !== 0) continue;
    addCounts(sum, ale);
    for (const shown of [ale.screen, ale.screenGray(), ale.screenRgb(), ale.ram]) sum.add(shown);
  }
  return sum.value;
}

/** RAM is written to; episodes end with a life or after 150 frames; rewards are clipped. */
async function playLimited(module: AleModule, game: string, frames: number, every: number): Promise<number> {
  const ale = await load(module, game, 4, (empty) => {
    empty.setMaxFramesPerEpisode(150);
    empty.setRewardRange(-1, 2);
    empty.setTruncateOnLossOfLife(true);
  });
  const sum = new Sum();
  const below = draws(5);
  const actions = ale.minimalActions();
  for (let frame = 1; frame <= frames; frame++) {
    takeDetour(ale, frame);
    if (frame % 9 === 0) ale.setRam(below(128), below(256));
    sum.add(ale.act(actions[below(actions.length)]!), ale.ram);
    if (ale.gameOver) {
      addCounts(sum, ale);
      ale.resetGame();
    }
    if (frame % every !== 0) continue;
    addCounts(sum, ale);
    sum.add(ale.screen);
  }
  return sum.value;
}

/** Colour averaging, three frames to an act. */
async function playAveraged(module: AleModule, game: string, frames: number, every: number): Promise<number> {
  const ale = await load(module, game, 6, (empty) => {
    empty.setFrameSkip(3);
    empty.setColorAveraging(true);
  });
  const sum = new Sum();
  const below = draws(7);
  const actions = ale.minimalActions();
  for (let act = 1; act <= Math.floor(frames / 3); act++) {
    takeDetour(ale, act);
    sum.add(ale.act(actions[below(actions.length)]!));
    if (ale.gameOver) ale.resetGame();
    if (act % every !== 0) continue;
    addCounts(sum, ale);
    for (const shown of [ale.screen, ale.screenRgb(), ale.ram]) sum.add(shown);
  }
  return sum.value;
}

const float32 = (bits: number) => new Float32Array(Uint32Array.of(bits).buffer)[0]!;

/** Random joystick positions, each at five thresholds; at four of them the last bit of a coordinate decides. */
export function turnJoystick(edges: [number, number][]): number {
  const sum = new Sum();
  const below = draws(8);
  for (const [x, y] of edges) {
    const radius = Math.fround(below(65536) / 65535);
    const theta = Math.fround((below(65536) / 32768 - 1) * Math.PI);
    const fire = Math.fround(below(65536) / 65535);
    for (const threshold of [0.5, float32(x), float32(y), float32(x - 1), float32(y - 1)]) {
      const { action, strength } = continuousAction(radius, theta, fire, threshold);
      sum.add(action, new Uint8Array(Float32Array.of(strength).buffer));
    }
  }
  return sum.value;
}

/**
 * Plays a recorded game again.
 * @param share of its modes and difficulties that are played, by chance but always the same
 * @returns how many runs were played, and which of them differ
 */
export async function compareGame(
  module: AleModule,
  recording: Recording,
  game: string,
  share: number,
): Promise<{ runs: number; differing: string[] }> {
  const recorded = recording.games[game]!;
  const { frames, every, modeFrames } = recording;
  const differing: string[] = [];
  let runs = 0;
  const compare = (run: string, found: unknown, expected: unknown) => {
    runs++;
    if (JSON.stringify(found) !== JSON.stringify(expected)) differing.push(`${game}, ${run}`);
  };
  const found = await describeGame(module, game);
  for (const key of Object.keys(found) as (keyof RecordedGame)[]) compare(key, found[key], recorded[key]);
  compare('sticky', await playSticky(module, game, frames, every), recorded.sticky);
  compare('limited', await playLimited(module, game, frames, every), recorded.limited);
  compare('averaged', await playAveraged(module, game, frames, every), recorded.averaged);
  const below = draws(game.length);
  const combinations = recorded.modes.flatMap((mode) => recorded.difficulties.map((difficulty) => [mode, difficulty]));
  for (const [place, [mode, difficulty]] of combinations.entries()) {
    if (below(1000) >= 1000 * share) continue;
    const sticky = (place % 2) * 0.25;
    const sum = await playInMode(module, game, mode!, difficulty!, sticky, modeFrames);
    compare(`mode ${mode}, difficulty ${difficulty}, sticky ${sticky}`, sum, recorded.inMode[place]);
  }
  return { runs, differing };
}
