/**
 * Games that are played side by side, each in a slot of its own. What a game does depends on its seed and its actions
 * alone, not on the slot or on what is played beside it.
 */
export interface Games {
  /** Number of slots. */
  readonly count: number;
  /** The preprocessing in one line. */
  readonly recipe: string;
  /** Of what else than this package decides what the games do, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Begins a game in some slots and steps in others, all of them different; the rest stand still. The first call must
   * begin a game in every slot; a slot whose game has ended must begin another before it steps.
   * @returns what came of each, in the order of `moves`
   * Rejects where an environment fails, such as one whose worker died; only {@link Games.close} may be called then.
   */
  advance(moves: readonly Move[]): Promise<Seen[]>;
  close(): Promise<void>;
}

export type Move =
  | { readonly slot: number; readonly begin: number /* seed of the game */ }
  | { readonly slot: number; readonly action: number };

/** What a slot shows. */
export interface Seen {
  /** One observation of the agent's shape, as one array; the caller's to keep. */
  readonly observation: Uint8Array | Float32Array;
  /** Whether an episode begins with it, so that the agent's memory is reset: a new game, or one life less. */
  readonly fresh: boolean;
  /** `over`: the game ended by its own rules; `cut`: by its limit of frames or steps. */
  readonly ended: 'no' | 'over' | 'cut';
  /** Unclipped rewards of the game so far. */
  readonly score: number;
  /** Emulated frames of the game so far, no-ops included; in an environment without frames its steps. */
  readonly frames: number;
  readonly livesLost: number;
}
