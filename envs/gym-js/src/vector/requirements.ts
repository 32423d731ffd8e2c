import type { AnyEnv } from '../env.ts';
import type { AutoresetMode } from '../vector-env.ts';

const modes: readonly string[] = ['nextStep', 'sameStep', 'disabled'] satisfies AutoresetMode[];

/** Throws RangeError for what is no mode. */
export function requireMode(mode: AutoresetMode): AutoresetMode {
  if (modes.includes(mode)) return mode;
  throw new RangeError(`autoresetMode "${String(mode)}" is not one of ${modes.join(', ')}`);
}

/** The first environment. Throws RangeError where there is none, or where a space is not that of the first. */
export function requireEnvs<E extends AnyEnv>(envs: readonly E[]): E {
  const [first] = envs;
  if (!first) throw new RangeError('a vector needs at least one environment');
  for (const [i, env] of envs.entries()) {
    for (const space of ['observationSpace', 'actionSpace'] as const) {
      if (!first[space].equals(env[space])) {
        const [its, others] = [env[space].toString(), first[space].toString()];
        throw new RangeError(`environment ${i}: its ${space} ${its} is not that of environment 0, ${others}`);
      }
    }
  }
  return first;
}
