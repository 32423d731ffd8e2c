// What the browser test lets a page or a worker do: TypeScript that is bundled and run there.
import { type Ale, AleModule, loadAle, type SharedAle } from 'ale-wasm';
import type { RawTrace } from '../../../../src/conformance/ale-file.ts';
import { rawDifference } from '../../../../src/conformance/raw-trace.ts';

/** Where ALE comes from: this package's own build, that of another URL, or the thread that compiled it. */
type Source = 'own' | { readonly directory: string } | { readonly shared: SharedAle };

export interface PlayTask {
  readonly kind: 'play';
  readonly source: Source;
  readonly trace: RawTrace;
  /** URL of the cartridge's bytes; without it the game is loaded by its name. */
  readonly rom?: string;
}

export interface SpoilTask {
  readonly kind: 'spoil';
  readonly rom: string;
}

/** Does a task; gives back what the test looks at. */
export async function doTask(task: PlayTask | SpoilTask): Promise<unknown> {
  return task.kind === 'play' ? play(task) : spoil(task);
}

/** @returns the first difference from the trace, null if there is none, and the game that is played */
async function play({
  source,
  trace,
  rom,
}: PlayTask): Promise<{ game?: string | undefined; difference: string | null }> {
  const ale = await (await moduleOf(source)).create();
  ale.setSeed(trace.seed);
  ale.setRepeatActionProbability(trace.repeatActionProbability);
  if (rom === undefined) await ale.loadRom(trace.game);
  else ale.insertRom(await bytes(rom));
  ale.resetGame();
  return { game: ale.game, difference: rawDifference(ale, trace) ?? null };
}

/** Offers a damaged cartridge, then the sound one. @returns the error, and the game that is then played */
async function spoil({ rom }: SpoilTask): Promise<{ error: string; game?: string | undefined }> {
  const ale: Ale = await (await loadAle()).create();
  const sound = await bytes(rom);
  const damaged = sound.slice();
  damaged[100] = (damaged[100] ?? 0) ^ 1;
  let error = 'none';
  try {
    ale.insertRom(damaged);
  } catch (thrown) {
    error = String(thrown);
  }
  ale.insertRom(sound);
  return { error, game: ale.game };
}

async function moduleOf(source: Source): Promise<AleModule> {
  if (source === 'own') return loadAle();
  return 'shared' in source ? AleModule.fromShared(source.shared) : loadAle(source);
}

async function bytes(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}
