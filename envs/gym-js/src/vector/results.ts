import type { VectorInfo } from '../vector-env.ts';
import type { EnvResult } from './env-group.ts';
import { addInfo } from './infos.ts';

/** A step's or reset's results of all environments but their observations, batched; undefined for those left alone. */
export interface StepBatch {
  /** (numEnvs) */
  rewards: Float64Array;
  /** (numEnvs) */
  terminations: Uint8Array;
  /** (numEnvs) */
  truncations: Uint8Array;
  infos: VectorInfo;
}

export function batchResults(results: readonly (Omit<EnvResult, 'observation'> | undefined)[]): StepBatch {
  const numEnvs = results.length;
  const infos: VectorInfo = {};
  for (const [i, result] of results.entries()) {
    if (result?.final) {
      addInfo(infos, { finalInfo: result.final.info }, i, numEnvs);
      addFinalObservation(infos, result.final.observation, i, numEnvs);
    }
    if (result) addInfo(infos, result.info, i, numEnvs);
  }
  return {
    rewards: Float64Array.from(results, (result) => result?.reward ?? 0),
    terminations: Uint8Array.from(results, (result) => Number(result?.terminated ?? false)),
    truncations: Uint8Array.from(results, (result) => Number(result?.truncated ?? false)),
    infos,
  };
}

/** Not batched, so that each is as its environment gave it: null for environments whose episode goes on. */
function addFinalObservation(infos: VectorInfo, observation: unknown, i: number, numEnvs: number): void {
  const all = (infos.finalObservation ??= Array.from({ length: numEnvs }, () => null)) as unknown[];
  const mask = (infos._finalObservation ??= new Uint8Array(numEnvs)) as Uint8Array;
  all[i] = observation;
  mask[i] = 1;
}
