import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AtariPool, AtariVectorEnv } from '../../../envs/atari/index.ts';

test('closed pools and environments leave nothing behind: neither threads nor memory', async () => {
  const script = fileURLToPath(new URL('./open-close.ts', import.meta.url));
  // 600 steps of two environments are 32 MiB of frames: a few pools that stay are over the limit.
  const args = ['--expose-gc', '--import', 'tsx', script, '8', '600'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 240_000 });
  assert.match(stdout, /\ngrowth from cycle 4 to 8: -?\d+\.\d MiB \(limit 64\)\nleft: nothing\n$/);
});

describe('close() lets go of the frames, though the closed object is kept', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  /** Whether what `held` refers to is collected. */
  async function isFreed(held: WeakRef<object>): Promise<boolean> {
    for (let i = 0; i < 10 && held.deref() !== undefined; i++) {
      await setTimeout(10);
      collect();
    }
    return held.deref() === undefined;
  }

  test('AtariPool', async () => {
    const pool = await AtariPool.create({ game: 'Pong', envs: 2, workers: 2, rolloutSteps: 8, seed: 1 });
    await pool.reset();
    let view: Uint8Array | undefined = pool.observations.subarray(0, 10);
    const memory = new WeakRef(pool.observations.buffer);
    await pool.close();
    assert.equal(await isFreed(memory), false, "a view of it is the caller's");
    assert.equal(view.length, 10);
    view = undefined;
    assert.ok(await isFreed(memory));
    assert.equal(pool.observations.length, 0);
    assert.throws(() => pool.send(0, 0, new Int32Array(2)), /^Error: the environments are closed$/);
    await assert.rejects(pool.reset(), /^Error: the environments are closed$/);
    await assert.rejects(pool.save(), /^Error: the environments are closed$/);
    await pool.close();
  });

  test('AtariVectorEnv, after restore() too', async () => {
    // The vector shows nobody its memory: what a first worker is given is caught.
    const shared: WeakRef<object>[] = [];
    const { SharedArrayBuffer: Real } = globalThis;
    globalThis.SharedArrayBuffer = class extends Real {
      constructor(bytes = 0) {
        super(bytes);
        if (bytes > 84 * 84 * 4) shared.push(new WeakRef(this));
      }
    };
    const vector = await AtariVectorEnv.create({ game: 'Pong', numEnvs: 2, workers: 1 });
    globalThis.SharedArrayBuffer = Real;
    await vector.reset();
    await vector.restore(await vector.save());
    await vector.close();
    const [frames, ...others] = shared;
    assert.ok(frames && others.length === 0);
    assert.ok(await isFreed(frames));
    await assert.rejects(vector.recv(), { name: 'ClosedEnvironmentError' });
  });
});
