/** A worker's script that breaks as `breakWorkers` said before it started. */
export const entry = new URL('./broken-worker.mjs', import.meta.url);

/** Workers that start from now on break so, after so many steps of their environments; all of them, or one alone. */
export function breakWorkers(how: string, after: number, worker?: number): void {
  mendWorkers(); // they take over the environment variables
  Object.assign(process.env, { BREAK: how, BREAK_AFTER: `${after}` });
  if (worker !== undefined) process.env['BREAK_WORKER'] = `${worker}`;
}

/** Workers that start from now on do not break. */
export function mendWorkers(): void {
  for (const name of ['BREAK', 'BREAK_AFTER', 'BREAK_WORKER']) delete process.env[name];
}

/** Ends worker 0 of a pool, or of a vector, from outside. */
export async function killWorker(of: object): Promise<void> {
  const { pool } = of as { pool: { threads: { threads: { terminate(): Promise<number> }[] } } };
  await pool.threads.threads[0]?.terminate();
}
