import { readFileSync } from 'node:fs';
import type { AutoresetMode, Env, Info, VectorEnv } from 'gym-js';

// What test/oracle/gymnasium-wrappers.py recorded, and playing by the same rules.

const file = new URL('../../oracle/gymnasium-wrappers.json', import.meta.url);
export const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, never>;

/** As JSON has it: arrays as lists, booleans as 0 or 1, times of episodes left out. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (typeof value === 'boolean') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !(name === 't' && 'r' in value));
  return Object.fromEntries(kept.map(([name, item]) => [name, plain(item)]));
}

/** One reset with seed 3, then steps; at an episode's end a reset without a seed. */
export function play<O, A>(env: Env<O, A>, { steps = 12, actions = [0, 1, 2] as A[] } = {}): unknown[] {
  const told = ({ observation, info }: { observation: O; info: Info }): unknown => ({
    observation: plain(observation),
    info: plain(info),
  });
  const trace = [told(env.reset({ seed: 3 }))];
  for (let i = 0; i < steps; i++) {
    const result = env.step(actions[i % actions.length] as A);
    const { reward, terminated, truncated } = result;
    trace.push({ ...(told(result) as object), reward, terminated, truncated });
    if (terminated || truncated) trace.push(told(env.reset()));
  }
  return trace;
}

/** Resets with seed 2, then steps; in mode disabled those that ended are reset, with seeds 10, none, 12. */
export async function playVector<Os>(
  envs: VectorEnv<unknown, number, Os, Int32Array>,
  mode: AutoresetMode,
  steps = 8,
): Promise<Record<string, unknown>[]> {
  const trace = [plain(await envs.reset({ seed: 2 }))];
  for (let i = 0; i < steps; i++) {
    const result = await envs.step(Int32Array.from({ length: envs.numEnvs }, (_, env) => (i + env) % 3));
    trace.push(plain(result));
    const over = result.terminations.map((mark, env) => mark | (result.truncations[env] ?? 0));
    if (mode === 'disabled' && over.includes(1)) {
      trace.push(plain(await envs.reset({ seed: [10, undefined, 12], options: { resetMask: over } })));
    }
  }
  return trace as Record<string, unknown>[];
}
