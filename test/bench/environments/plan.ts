import { z } from 'zod';

/** Frames per second of one emulator, its screen copied each time; a frame repeats its action by the probability. */
const frames = z.strictObject({ what: z.literal('frames'), game: z.string(), sticky: z.number(), seconds: z.number() });
/** 84x84 observations per second, from screens of the game: gray, maximum of two frames, area-averaged. */
const preprocessing = z.strictObject({ what: z.literal('preprocessing'), game: z.string(), seconds: z.number() });
/** Bytes of memory and seconds for one more emulator, of so many. */
const instances = z.strictObject({ what: z.literal('instances'), game: z.string(), count: z.number() });
/** Agent steps per second of a vector of Breakout. Results come in batches; less than all is asynchronous. */
const steps = z.strictObject({
  what: z.literal('steps'),
  by: z.string(),
  envs: z.number(),
  batch: z.number(),
  threads: z.number(),
  seconds: z.number(),
});

/** What one process measures: ours takes it as JSON, and so does peers/environments.py. */
export const taskSchema = z.discriminatedUnion('what', [frames, preprocessing, instances, steps]);
export type Task = z.infer<typeof taskSchema>;

/** Who is measured. `ours` are the vector environment and the trainer's pool alike. */
export const contestants = ['ours', 'ale-py', 'envpool', 'gymnasium'] as const;
export type ContestantId = (typeof contestants)[number];

export interface Measurement {
  readonly of: ContestantId;
  readonly task: Task;
}

export const games = ['breakout', 'pong', 'seaquest', 'montezuma_revenge', 'space_invaders'];
export const recommendedSticky = 0.25;

const sizes = [1, 2, 4, 8, 16, 32, 64];
/** Environments and batch of the asynchronous vectors. */
const asynchronous = [
  [16, 8],
  [32, 8],
  [32, 16],
  [64, 16],
] as const;

/** All that is measured in one round, each next to what it is compared with. */
export function plan(seconds: number): Measurement[] {
  const emulators = games.flatMap((game) =>
    [0, recommendedSticky].flatMap((sticky) =>
      (['ours', 'ale-py'] as const).map((of): Measurement => ({ of, task: { what: 'frames', game, sticky, seconds } })),
    ),
  );
  const others = (['ours', 'ale-py'] as const).flatMap((of): Measurement[] => [
    { of, task: { what: 'preprocessing', game: 'breakout', seconds } },
    { of, task: { what: 'instances', game: 'breakout', count: 24 } },
  ]);
  const steps = (of: ContestantId, by: string, envs: number, batch: number, threads: number): Measurement => ({
    of,
    task: { what: 'steps', by, envs, batch, threads, seconds },
  });
  const vectors = [1, 2].flatMap((threads) => [
    ...sizes.filter((envs) => envs >= threads).map((envs) => steps('ours', 'pool', envs, envs, threads)),
    ...asynchronous.map(([envs, batch]) => steps('ours', 'vector', envs, batch, threads)),
    ...[8, 16, 32].flatMap((envs) => [
      steps('ours', 'vector', envs, envs, threads),
      steps('ale-py', 'ale-py', envs, envs, threads),
      steps('envpool', 'envpool', envs, envs, threads),
    ]),
    ...asynchronous.flatMap(([envs, batch]) => [
      steps('ale-py', 'ale-py', envs, batch, threads),
      steps('envpool', 'envpool', envs, batch, threads),
    ]),
  ]);
  const plain = ['gymnasium-sync', 'gymnasium-async'].map((by) => steps('gymnasium', by, 8, 8, 0));
  return [...emulators, ...others, ...vectors, ...plain];
}
