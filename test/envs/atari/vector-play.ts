import { createHash } from 'node:crypto';
import type { AtariVectorEnv, AtariVectorReset, AtariVectorStep } from '../../../envs/atari/index.ts';
import { randomAction } from './play.ts';

/** What each environment showed, step after step, whatever the batches in which it came. */
export class Transcript {
  readonly of: string[][];

  constructor(numEnvs: number) {
    this.of = Array.from({ length: numEnvs }, () => []);
  }

  add(result: AtariVectorReset | AtariVectorStep): void {
    const size = result.observations.length / result.envIds.length;
    for (const [i, env] of result.envIds.entries()) {
      const hash = createHash('sha256').update(result.observations.subarray(i * size, (i + 1) * size));
      const isStep = 'rewards' in result && this.of[env]?.length;
      const step = isStep ? [result.rewards[i], result.terminations[i], result.truncations[i]] : [];
      const final = (result.infos['finalObservation'] as (Uint8Array | null)[] | undefined)?.[i];
      if (final) hash.update(final);
      const infos = [result.infos, ...(final ? [result.infos['finalInfo'] as typeof result.infos] : [])].flatMap((of) =>
        ['lives', 'frameNumber', 'episodeFrameNumber', 'score'].map((name) => (of[name] as Float64Array)[i]),
      );
      this.of[env]?.push([hash.digest('hex').slice(0, 12), ...step, ...infos].join(' '));
    }
  }

  /** Steps that environment `env` has made. */
  steps(env: number): number {
    return (this.of[env]?.length ?? 0) - 1;
  }
}

/** One action for each environment, uniform, by what the environment itself has done. */
export function actionsFor(vector: AtariVectorEnv, envIds: Int32Array, transcript: Transcript): Int32Array {
  return Int32Array.from(envIds, (env) => randomAction(env, transcript.steps(env), vector.actionMeanings.length));
}

/** Plays `results` results on from `last`, which `transcript` has, and adds them to it. Returns the last one. */
export async function playOn(
  vector: AtariVectorEnv,
  results: number,
  last: AtariVectorReset | AtariVectorStep,
  transcript: Transcript,
): Promise<AtariVectorReset | AtariVectorStep> {
  let result = last;
  for (let i = 0; i < results; i++) {
    result = await vector.step(actionsFor(vector, result.envIds, transcript));
    transcript.add(result);
  }
  return result;
}
