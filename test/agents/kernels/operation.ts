// What the tests of native operations know of one.
export type Sizes = Readonly<Record<string, number>>;
export type Shapes = Readonly<Record<string, readonly number[]>>;
export type Settings = Readonly<Record<string, number | boolean | string | readonly number[]>>;

export interface Operation {
  readonly name: string;
  /** What tells apart several of one name. */
  readonly variant?: string;
  /** Sizes of a small call. */
  readonly sizes: Sizes;
  /** All float32 inputs, in order; those of `taken` have no shape of their own. */
  readonly shapes: (sizes: never) => Shapes;
  /** Inputs that are uint8. */
  readonly bytes?: readonly string[];
  /** Inputs that are int32. */
  readonly integers?: readonly string[];
  /** Inputs that are outputs of another operation, recording and run on the same inputs: name to its output. */
  readonly taken?: { readonly from: string; readonly outputs: Readonly<Record<string, number>> };
  readonly attributes: (sizes: never) => Settings;
  readonly outputs: number;
  /** Inputs that may be left out, by shape (0). */
  readonly optional?: readonly string[];
  /** Sizes that one input alone has: no other can contradict it. */
  readonly free?: readonly string[];
}
