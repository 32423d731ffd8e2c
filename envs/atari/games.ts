import { games } from 'ale-wasm';
import { letters, suggestion } from '../nearest-names.ts';
import { UserError } from '../user-error.ts';

export interface Game {
  /** Name of the ROM as ALE has it: `space_invaders`. */
  readonly rom: string;
  /** Name as Gymnasium has it, without its suffixes: `SpaceInvaders`. */
  readonly name: string;
}

/** `ALE/` before the name; `NoFrameskip`, `Deterministic` and a version behind it say how Gym played it, not what. */
const decorations = /^ALE\/|(NoFrameskip|Deterministic)?(-v\d+)?$/gi;

/** Names of all supported games, as Gymnasium has them, in alphabetical order. */
export function gameNames(): string[] {
  return allGames().map(({ name }) => name);
}

/**
 * The game meant by one of its usual names: `Breakout`, `breakout`, `ALE/Breakout-v5`, `BreakoutNoFrameskip-v4`,
 * `space_invaders`, `Space Invaders`, `Q*bert`.
 * @throws UserError that offers the nearest names
 */
export function resolveGame(typed: string): Game {
  if (typeof typed !== 'string') throw new UserError(`game ${typeof typed} is no name; give one, such as "Breakout"`);
  const found = findGame(typed);
  if (found) return found;
  const names = gameNames();
  const mend = suggestion(letters(bare(typed)), names, `there are ${names.join(', ')}`);
  throw new UserError(`unknown game ${JSON.stringify(typed)}; ${mend}`);
}

/** The game meant by one of its usual names, see {@link resolveGame}; undefined where there is none. */
export function findGame(typed: string): Game | undefined {
  const wanted = letters(bare(typed));
  return allGames().find(({ name }) => letters(name) === wanted);
}

function bare(typed: string): string {
  return typed.trim().replace(decorations, '');
}

function allGames(): Game[] {
  return games()
    .map((rom) => ({ rom, name: gymName(rom) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Gymnasium's rule, Python's `rom.title().replace("_", "")`: a letter is a capital where no letter stands before it.
 */
function gymName(rom: string): string {
  return rom.replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase()).replaceAll('_', '');
}
