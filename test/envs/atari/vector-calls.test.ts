import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { AtariVectorEnv } from '../../../envs/atari/index.ts';
import { actionsFor, playOn, Transcript } from './vector-play.ts';

const options = { game: 'Breakout', numEnvs: 4, workers: 2, repeatActionProbability: 0.25, seed: 3 };

describe('one call at a time: another is refused, and nothing is lost', () => {
  const refused = (message: string): object => ({ name: 'AlreadyPendingCallError', message });

  test('reset() and step()', async () => {
    const [vector, twin] = [await AtariVectorEnv.create(options), await AtariVectorEnv.create(options)];
    after(() => Promise.all([vector.close(), twin.close()]));
    const [first, again] = await Promise.allSettled([vector.reset(), vector.reset(), vector.asyncReset()]);
    assert.equal(again.status === 'rejected' && (again.reason as Error).name, 'AlreadyPendingCallError');
    const expected = await twin.reset();
    assert.deepEqual(first.status === 'fulfilled' && first.value, expected);
    const transcripts = [new Transcript(4), new Transcript(4)] as const;
    for (const transcript of transcripts) transcript.add(expected);
    for (let i = 0; i < 20; i++) {
      const stepping = vector.step(actionsFor(vector, expected.envIds, transcripts[0]));
      // All are called before anything is awaited: the step may end at any moment.
      assert.throws(() => vector.send([1], [0]), refused('send() while step() is under way; await it first'));
      await Promise.all([
        assert.rejects(vector.recv(), refused('recv() while step() is under way; await it first')),
        assert.rejects(vector.restart(), refused('restart() while step() is under way; await it first')),
      ]);
      transcripts[0].add(await stepping);
    }
    await playOn(twin, 20, expected, transcripts[1]);
    assert.deepEqual(transcripts[0], transcripts[1]);
  });

  test('save() and restore()', async () => {
    const batches = { ...options, batchSize: 1 };
    const [vector, twin] = [await AtariVectorEnv.create(batches), await AtariVectorEnv.create(batches)];
    after(() => Promise.all([vector.close(), twin.close()]));
    const first = await vector.reset();
    vector.send([1]);
    const saving = vector.save();
    assert.throws(() => vector.send([1]), refused('send() while save() is under way; await it first'));
    await assert.rejects(vector.recv(), refused('recv() while save() is under way; await it first'));
    const saved = await saving;
    const restoring = twin.restore(saved);
    await Promise.all([
      assert.rejects(twin.save(), refused('save() while restore() is under way; await it first')),
      assert.rejects(twin.asyncReset(), refused('asyncReset() while restore() is under way; await it first')),
    ]);
    assert.equal((await restoring).envIds.length, 0, 'all have results, or will have');
    const [here, there] = [new Transcript(4), new Transcript(4)];
    for (const transcript of [here, there]) transcript.add(first);
    for (let i = 0; i < 4; i++) {
      here.add(await vector.recv());
      there.add(await twin.recv());
    }
    assert.deepEqual(there, here);
  });

  test('but send() may come while recv() waits', async () => {
    const vector = await AtariVectorEnv.create({ ...options, batchSize: 2 });
    after(() => vector.close());
    await vector.reset();
    const { envIds } = await vector.recv();
    vector.send([1], [envIds[0] ?? 0]);
    await assert.rejects(vector.recv(), /1 environments are under way, a result is of 2; send\(\) actions first/);
    vector.send([1], [envIds[1] ?? 0]);
    const receiving = vector.recv();
    const others = [0, 1, 2, 3].filter((env) => !envIds.includes(env));
    vector.send([1, 1], others);
    const ids = [...(await receiving).envIds, ...(await vector.recv()).envIds];
    assert.deepEqual(ids.sort(), [0, 1, 2, 3]);
  });
});
