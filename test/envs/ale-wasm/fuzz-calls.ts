// Calls all of the interface in random order, with good and bad arguments, and restores damaged snapshots: half of
// them with the checksum made right again. Anything thrown but an AleError, a call that takes ten seconds, or an
// emulator that does not live on afterwards counts as a failure.
import { AleError, continuousAction, loadAle, type Ale, type AleModule } from 'ale-wasm';
import { draws } from '../../draws.ts';
import { crc32 } from './crc32.ts';

const headerBytes = 44;
const observedHeaderBytes = 14;
const slowest = 10_000;

/** What no argument should be. */
const badValues: unknown[] = [
  ...[NaN, Infinity, -Infinity, -1, -0.5, 0.5, 1.5, 1e9, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 31) - 1, 255.5],
  ...['', '1', 'brekout', '__proto__', 'x'.repeat(1000), null, undefined, true, {}, [], [1], 1n, Symbol('s')],
  ...[{ size: [1e300, 5], grayscale: 'no' }, [84], [84, 84, 3], { length: 2 }, '/ale/', 'file:///nowhere/', 'data:,'],
  ...[() => 0, new Uint8Array(), new Uint8Array(4096), new Uint8Array(600_000), new Float32Array(3), new Date(0)],
];

export interface FuzzResult {
  calls: number;
  /** Calls that threw an AleError. */
  refused: number;
  mutations: number;
  /** Damaged snapshots that are a state nevertheless. */
  accepted: number;
  /** How often ALE itself gave up, and the emulator began anew. */
  gaveUp: number;
  slowest: number;
  failures: string[];
}

/** Where in a snapshot the fields end. */
const observedAt = (snapshot: Uint8Array) => headerBytes + new DataView(snapshot.buffer).getUint32(32, true);

/** A snapshot with one to eight places changed, cut or made longer. */
function damaged(good: Uint8Array, below: (count: number) => number): Uint8Array {
  let bytes = good.slice();
  for (let i = 1 + below(8); i > 0; i--) {
    // Mostly among the fields, at times in the numbers that tell how the observation is made; pictures and generators
    // make up most of the rest.
    const part = below(8);
    const anywhere = [below(bytes.length), observedAt(good) + below(observedHeaderBytes), below(bytes.length)];
    const place = Math.min(anywhere[part] ?? below(700), bytes.length - 1);
    const kind = below(8);
    if (kind < 3) bytes[place] = (bytes[place] ?? 0) ^ (1 << below(8));
    else if (kind < 5) bytes[place] = below(256);
    else if (kind === 5) bytes.fill(below(2) * 255, place, place + 1 + below(8));
    else if (kind === 6) bytes.copyWithin(place, below(bytes.length), below(bytes.length));
    else if (below(4) === 0) bytes = bytes.slice(0, place);
  }
  if (below(2) === 0 && bytes.length >= headerBytes) mendHeader(bytes, good);
  return bytes;
}

/** Puts a header on that is right for the fields, so that they are looked at. */
function mendHeader(bytes: Uint8Array, good: Uint8Array): void {
  bytes.set(good.subarray(0, headerBytes));
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerBytes);
  const fieldsEnd = Math.min(observedAt(good), bytes.length);
  header.setUint32(32, fieldsEnd - headerBytes, true);
  header.setUint32(36, bytes.length - fieldsEnd, true);
  header.setUint32(40, crc32(bytes.subarray(headerBytes), crc32(bytes.subarray(0, 40))), true);
}

/** Fuzzes one module. @param onCall told of each call before it is made */
export async function fuzz(
  module: AleModule,
  calls: number,
  seed: number,
  onCall: (name: string) => void,
): Promise<FuzzResult> {
  const result: FuzzResult = {
    ...{ calls: 0, refused: 0, mutations: 0, accepted: 0, gaveUp: 0, slowest: 0 },
    failures: [],
  };
  const below = draws(seed);
  const names = ['breakout', 'pong', 'pitfall2', 'montezuma_revenge', 'qbert', 'backgammon', 'elevator_action', 'klax'];
  names.push('space_invaders', 'seaquest', 'darkchambers', 'miniature_golf', 'video_checkers', 'tetris');
  const roms = await Promise.all(names.map((name) => module.rom(name)));
  let ale: Ale = await module.create();
  let snapshot = new Uint8Array() as Uint8Array;
  let foreign = snapshot;
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  // One argument in five is bad.
  const some = (good: unknown) => (below(5) === 0 ? pick(badValues) : good) as never;
  const step = () => ale.agentStep(some(below(18)), some(1 + below(6)), some(below(101) / 100));

  const makers: Record<string, () => unknown> = {
    act: () => ale.act(some(below(18)), some(below(101) / 100)),
    agentStep: step,
    observe: () => [ale.observeScreen(), ale.observation.length],
    observeOtherwise: async () => {
      const size = some([some(1 + below(165)), some(1 + below(255))]);
      ale.setObservation(some({ size, grayscale: some(below(2) === 0), maxPool: some(below(2) === 0) }));
      step();
      if (below(4) === 0) await ale.loadRom(pick(names));
      return [step(), ale.observation.length, ale.agentStepFrames];
    },
    reset: () => ale.resetGame(),
    look: () => [ale.screen, ale.screenGray(), ale.screenRgb(), ale.ram, ale.audio],
    count: () => [
      ale.lives,
      ale.frameNumber,
      ale.episodeFrameNumber,
      ale.gameOver,
      ale.gameTerminal,
      ale.gameTruncated,
    ],
    size: () => [ale.screenWidth, ale.screenHeight, ale.agentStepFrames, ale.mode, ale.difficulty, ale.game],
    actions: () => [ale.minimalActions(), ale.legalActions(), ale.actionMeanings()],
    ram: () => ale.setRam(some(below(128)), some(below(256))),
    mode: () => ale.setMode(some(pick(ale.availableModes()))),
    difficulty: () => ale.setDifficulty(some(pick(ale.availableDifficulties()))),
    seed: () => ale.setSeed(some(below(65536))),
    sticky: () => ale.setRepeatActionProbability(some(below(101) / 100)),
    frames: () => ale.setMaxFramesPerEpisode(some(below(500))),
    skip: () => ale.setFrameSkip(some(1 + below(4))),
    rewards: () => ale.setRewardRange(some(-below(3)), some(below(3))),
    life: () => ale.setTruncateOnLossOfLife(some(below(2) === 0)),
    average: () => ale.setColorAveraging(some(below(2) === 0)),
    sound: () => ale.setSound(some(below(2) === 0)),
    rom: () => module.rom(some(pick(names))),
    build: () => (below(40) === 0 ? loadAle(some({})) : loadAle({ directory: pick(badValues) as never })),
    load: () => below(8) === 0 && ale.loadRom(some(pick(names))),
    insert: () => below(8) === 0 && ale.insertRom(some(pick(roms))),
    supported: () => ale.supportedRom(some(pick(roms))),
    joystick: () =>
      continuousAction(some(below(101) / 100), some(below(7) - 3), some(below(2)), some(below(101) / 100)),
    save: () => void (snapshot = ale.saveState()),
    restore: () => ale.restoreState(some(snapshot), some({ keepRandom: below(2) === 0 })),
    foreign: () => ale.restoreState(foreign),
    close: () => below(50) === 0 && ale.close(),
  };

  /** @returns whether it threw nothing */
  const call = async (name: string, action: () => unknown): Promise<boolean> => {
    onCall(`call ${result.calls}, ${name}`);
    const start = performance.now();
    let refused = false;
    try {
      await action();
    } catch (error) {
      refused = true;
      if (!(error instanceof AleError) || /\n/.test(error.message)) {
        result.failures.push(`call ${result.calls}, ${name}: ${String(error)}`);
      }
    }
    const took = performance.now() - start;
    result.slowest = Math.max(result.slowest, took);
    if (took > slowest) result.failures.push(`call ${result.calls}, ${name}: ${Math.round(took)} ms`);
    result.calls++;
    if (refused) result.refused++;
    return !refused;
  };

  /** Restores a damaged snapshot; where it is refused, nothing may have changed. */
  const mutate = async (): Promise<void> => {
    if (snapshot.length < headerBytes || ale.game === undefined) return;
    if (!(await call('save', () => void (snapshot = ale.saveState())))) return;
    const before = snapshot;
    const bytes = damaged(below(8) === 0 ? foreign : before, below);
    result.mutations++;
    if (await call('a damaged snapshot', () => ale.restoreState(bytes))) {
      result.accepted++;
      for (let i = below(4); i > 0; i--) await call('act after it', () => ale.act(below(18)));
      if (below(4) > 0 && ale.game !== undefined) ale.restoreState(before);
    } else if (Buffer.compare(before, ale.saveState()) !== 0) {
      result.failures.push(`call ${result.calls}: a refused snapshot changed the state`);
    }
  };

  /** Sees to it that there is an emulator with a game, and that it plays. */
  const liveOn = async (): Promise<void> => {
    if (ale.game !== undefined) return;
    try {
      await ale.loadRom('breakout');
      result.gaveUp++;
    } catch (error) {
      if (!/was closed/.test(String(error)))
        result.failures.push(`call ${result.calls}: no new start, ${String(error)}`);
      ale = await module.create();
      if (below(2) === 0) await call('before a ROM', pick(Object.values(makers)));
      await ale.loadRom(pick(names));
    }
    const frame = ale.frameNumber;
    ale.resetGame();
    ale.act(0);
    if (ale.frameNumber === frame) result.failures.push(`call ${result.calls}: no frame after a new start`);
  };

  await ale.loadRom('pong');
  foreign = ale.saveState();
  await ale.loadRom('breakout');
  while (result.calls < calls) {
    if (below(2) === 0) await mutate();
    else {
      const name = pick(Object.keys(makers));
      await call(name, makers[name]!);
    }
    await liveOn();
  }
  ale.close();
  return result;
}
