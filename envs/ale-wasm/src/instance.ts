// SPDX-License-Identifier: GPL-2.0-only
// One WebAssembly instance: ALE's functions, its memory, and the file through which it gets its ROM.
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { AleError } from './error.ts';

/**
 * The functions of native/*.cc. A pointer is an offset into `memory`; a list is its length, then its numbers (uint32).
 */
export interface AleExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  get_setting(index: number): number;
  set_setting(index: number, value: number): void;
  rom_md5(): number;
  load_rom(): void;
  act(action: number, strength: number): number;
  reset_game(): void;
  game_over(): number;
  game_terminal(): number;
  game_truncated(): number;
  lives(): number;
  frame_number(): number;
  episode_frame_number(): number;
  screen_width(): number;
  screen_height(): number;
  screen(): number;
  screen_gray(): number;
  screen_rgb(): number;
  ram(): number;
  set_ram(index: number, value: number): void;
  audio(): number;
  audio_length(): number;
  minimal_actions(): number;
  legal_actions(): number;
  available_modes(): number;
  available_difficulties(): number;
  mode(): number;
  set_mode(mode: number): void;
  difficulty(): number;
  set_difficulty(difficulty: number): void;
  set_observation(width: number, height: number, rgb: number, maxPool: number): void;
  agent_step(action: number, frameSkip: number, strength: number): number;
  agent_step_frames(): number;
  observe_screen(): void;
  observation(): number;
  save_snapshot(): number;
  restore_snapshot(keepRandom: number): number;
  snapshot_buffer(bytes: number): number;
  snapshot_length(): number;
}

export interface AleInstance {
  /** None of them lets a trap out: they throw an AleError, and then `ended` says why. */
  readonly exports: AleExports;
  /** Why ALE gave up, if it did; its functions must not be called any more. */
  ended(): string | undefined;
  /** Lays the cartridge down where `rom_md5` and `load_rom` look for it. */
  layRom(bytes: Uint8Array): void;
}

/** Throws an AleError; from then on the instance has ended. */
type End = (reason: string, cause?: unknown) => never;

export async function instantiate(module: WebAssembly.Module): Promise<AleInstance> {
  let ended: string | undefined;
  const romFile = new File(new Uint8Array());
  const messages: string[] = [];
  const print = ConsoleStdout.lineBuffered((line) => {
    messages.push(line);
    if (messages.length > 20) messages.shift();
  });
  const root = new PreopenDirectory('/', new Map([['game.bin', romFile]]));
  const wasi = new WASI([], [], [new OpenFile(new File([])), print, print, root], { debug: false });

  const end: End = (reason, cause) => {
    ended ??= reason;
    throw new AleError(`ALE gave up: ${reason}`, { cause });
  };
  const host = {
    fail: (message: number, length: number) =>
      end(new TextDecoder().decode(new Uint8Array(exports.memory.buffer, message, length))),
  };
  const proc_exit = (code: number) => end(messages.filter(Boolean).join(' ') || `exit code ${code}`);
  const imports = { host, wasi_snapshot_preview1: { ...wasi.wasiImport, proc_exit } };

  const instance = await WebAssembly.instantiate(module, imports);
  const exports = instance.exports as unknown as AleExports;
  wasi.initialize({ exports });
  return { exports: guarded(exports, end), ended: () => ended, layRom: (bytes) => void (romFile.data = bytes) };
}

function guarded(exports: AleExports, end: End): AleExports {
  const guard = (call: (...args: number[]) => unknown) => {
    return (...args: number[]) => {
      try {
        return call(...args);
      } catch (error) {
        if (error instanceof AleError) throw error;
        return end((error as Error).message, error);
      }
    };
  };
  const entries = Object.entries(exports as unknown as Record<string, (...args: number[]) => unknown>);
  const guards = entries.map(([name, value]) => [name, typeof value === 'function' ? guard(value) : value]);
  return Object.fromEntries(guards) as AleExports;
}
