import { z } from 'zod';

/** Frames per second of one emulator, its screen copied each time; a frame repeats its action by the probability. */
const frames = z.strictObject({ what: z.literal('frames'), game: z.string(), sticky: z.number(), seconds: z.number() });
/** 84x84 observations per second, from screens of the game: gray, maximum of two frames, area-averaged. */
const preprocessing = z.strictObject({ what: z.literal('preprocessing'), game: z.string(), seconds: z.number() });
/** Bytes of memory and seconds for one more emulator, of so many. */
const instances = z.strictObject({ what: z.literal('instances'), game: z.string(), count: z.number() });
/** Whose vector: the trainer's pool and the vector environment of ours, and others'. */
const by = z.enum(['pool', 'vector', 'ale-py', 'envpool', 'gymnasium-sync', 'gymnasium-async']);
export type VectorId = z.infer<typeof by>;

/** Agent steps per second of a vector of Breakout. Results come in batches; less than all is asynchronous. */
const steps = z.strictObject({
  what: z.literal('steps'),
  by,
  envs: z.number(),
  batch: z.number(),
  /** 0 where it is the vector's own choice. */
  threads: z.number(),
  seconds: z.number(),
});
/** Bytes of memory and seconds for one more vector of Breakout, threads included, per environment. */
const memory = z.strictObject({ what: z.literal('memory'), by, envs: z.number(), threads: z.number() });

/** What one process measures: ours takes it as JSON, and so does peers/environments.py. */
export const taskSchema = z.discriminatedUnion('what', [frames, preprocessing, instances, steps, memory]);
export type Task = z.infer<typeof taskSchema>;

/** Whose code is measured; `opencv` is what Gymnasium's AtariPreprocessing does with NumPy and OpenCV. */
export const contestants = ['ours', 'ale-py', 'envpool', 'gymnasium', 'opencv'] as const;
export type ContestantId = (typeof contestants)[number];

export interface Measurement {
  readonly of: ContestantId;
  readonly task: Task;
}

export const games = ['breakout', 'pong', 'seaquest', 'montezuma_revenge', 'space_invaders'];
export const recommendedSticky = 0.25;

/** Environments of the pool, which has no batches. */
const sizes = [1, 2, 4, 8, 16, 32, 64];
/** Environments, batch and threads of all vectors that are compared at their best. */
const compared: readonly (readonly [envs: number, batch: number, threads: number])[] = [
  ...[1, 2].flatMap((threads) => [8, 32, 64].map((envs) => [envs, envs, threads] as const)),
  [16, 8, 2],
  [32, 8, 2],
  [32, 16, 2],
  [64, 16, 2],
];

/** All that is measured in one round, each next to what it is compared with. */
export function plan(seconds: number): Measurement[] {
  const emulators = games.flatMap((game) =>
    [0, recommendedSticky].flatMap((sticky) =>
      (['ours', 'ale-py'] as const).map((of): Measurement => ({ of, task: { what: 'frames', game, sticky, seconds } })),
    ),
  );
  const observations = (['ours', 'opencv'] as const).map((of): Measurement => {
    return { of, task: { what: 'preprocessing', game: 'breakout', seconds } };
  });
  const instances = (['ours', 'ale-py'] as const).map((of): Measurement => {
    return { of, task: { what: 'instances', game: 'breakout', count: 24 } };
  });
  const memory = Object.entries(vectors).flatMap(([by, of]): Measurement[] => {
    const task = { what: 'memory', by: by as VectorId, envs: 64, threads: 2 } as const;
    return by === 'gymnasium-async' ? [] : [{ of, task }]; // its memory is that of processes, which share some
  });
  const steps = (by: VectorId, envs: number, batch: number, threads: number): Measurement => {
    return { of: vectors[by], task: { what: 'steps', by, envs, batch, threads, seconds } };
  };
  const pools = [1, 2].flatMap((threads) =>
    sizes.filter((envs) => envs >= threads).map((envs) => steps('pool', envs, envs, threads)),
  );
  const others = compared.flatMap((setting) =>
    (['vector', 'ale-py', 'envpool'] as const).map((by) => steps(by, ...setting)),
  );
  const plain = (['gymnasium-sync', 'gymnasium-async'] as const).map((by) => steps(by, 8, 8, 0));
  return [...emulators, ...observations, ...instances, ...memory, ...pools, ...others, ...plain];
}

/** Whose each vector is. */
const vectors: Readonly<Record<VectorId, ContestantId>> = {
  pool: 'ours',
  vector: 'ours',
  'ale-py': 'ale-py',
  envpool: 'envpool',
  'gymnasium-sync': 'gymnasium',
  'gymnasium-async': 'gymnasium',
};
