import { type Ale, actionNames } from 'ale-wasm';
import type { RenderFrame } from 'gym-js';
import { UserError } from '../user-error.ts';

/** How a console is set, by the names that AtariEnv and the recipe share. */
export interface ConsoleOptions {
  readonly repeatActionProbability: number;
  /** 0 for never. */
  readonly maxNumFramesPerEpisode: number;
  readonly mode?: number | undefined;
  readonly difficulty?: number | undefined;
}

/**
 * Puts cartridge `rom` in anew, with `seed` for the sticky actions.
 * @throws AleError where ALE does not know the cartridge, or the game has no such mode or difficulty
 */
export function insertGame(ale: Ale, rom: Uint8Array, options: ConsoleOptions, seed: number): void {
  ale.setSeed(seed);
  ale.setRepeatActionProbability(options.repeatActionProbability);
  ale.setMaxFramesPerEpisode(options.maxNumFramesPerEpisode);
  ale.insertRom(rom);
  if (options.mode !== undefined) ale.setMode(options.mode);
  if (options.difficulty !== undefined) ale.setDifficulty(options.difficulty);
}

/** ALE's codes of the actions, all or those that the game uses, and their names, such as 'FIRE'. */
export function actionsOf(ale: Ale, all: boolean): { codes: readonly number[]; meanings: readonly string[] } {
  const codes = all ? ale.legalActions() : ale.minimalActions();
  return { codes, meanings: codes.map((code) => actionNames[code] ?? `${code}`) };
}

/** The whole screen, as it is. @throws UserError where the environment was made without a render mode */
export function screenOf(ale: Ale, renderMode: string | undefined): RenderFrame {
  if (renderMode === undefined) throw new UserError("no renderMode was chosen; make it with 'rgb_array'");
  return { data: ale.screenRgb().slice(), height: ale.screenHeight, width: ale.screenWidth };
}
