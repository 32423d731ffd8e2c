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
  set_seed(seed: number): void;
  set_repeat_action_probability(probability: number): void;
  set_max_frames_per_episode(frames: number): void;
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
  restore_snapshot(): number;
  snapshot_buffer(bytes: number): number;
  snapshot_length(): number;
}

export interface AleInstance {
  readonly exports: AleExports;
  /** Lays the cartridge down where `rom_md5` and `load_rom` look for it. */
  layRom(bytes: Uint8Array): void;
}

/**
 * Makes an instance.
 * @param onEnd told why, when ALE gave up: the instance must not be called again
 */
export async function instantiate(module: WebAssembly.Module, onEnd: (reason: string) => void): Promise<AleInstance> {
  const romFile = new File(new Uint8Array());
  const messages: string[] = [];
  const print = ConsoleStdout.lineBuffered((line) => void (messages.push(line) > 20 && messages.shift()));
  const root = new PreopenDirectory('/', new Map([['game.bin', romFile]]));
  const wasi = new WASI([], [], [new OpenFile(new File([])), print, print, root], { debug: false });

  const end = (reason: string): never => {
    onEnd(reason);
    throw new AleError(`ALE gave up: ${reason}`);
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
  return { exports, layRom: (bytes) => void (romFile.data = bytes) };
}
