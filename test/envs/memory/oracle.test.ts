// Every episode of POPGym and of MiniGrid's parts that the scripts in test/oracle recorded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { GridPickup, memoryTasks } from '../../../envs/memory/index.ts';
import { bytes, float32s, float64s, listed, made, readTraces, replay, rows, type Trace } from '../trace.ts';

type Seen = number | number[] | Float32Array | Int32Array;

for (const trace of readTraces('memory-tasks')) {
  test(`${trace.id} equals POPGym: seed ${trace.seed}`, () => {
    const env = made<Seen, number>(listed(memoryTasks, `popgym-${trace.id}-v0`));
    const flat = (seen: Seen): ArrayLike<number> => (typeof seen === 'number' ? [seen] : seen);
    const played = replay(env, trace.seed, [...bytes(trace.actions)], flat);
    const recorded = trace.id.includes('CartPole') ? float32s(trace.observations) : bytes(trace.observations);
    assert.deepEqual(played.observations, rows(recorded, played.observations[0]?.length ?? 1));
    assert.deepEqual(played.rewards, [...float64s(trace.rewards)]);
    assert.deepEqual(played.ends, [...bytes(trace.ends)]);
  });
}

interface GridTrace extends Trace {
  readonly options: {
    room_size: number;
    distractors: number;
    target_colors: ('red' | 'green')[];
    distractor_colors: ('red' | 'green')[];
  };
  readonly missions: string[];
}

for (const trace of readTraces<GridTrace>('grid-pickup')) {
  const { room_size: roomSize, distractors, target_colors: targetColors, ...others } = trace.options;
  test(`a pick-up room of ${roomSize} with ${distractors} distractors equals MiniGrid: seed ${trace.seed}`, () => {
    const env = new GridPickup({ roomSize, distractors, targetColors, distractorColors: others.distractor_colors });
    const missions: unknown[] = [];
    const reset = env.reset.bind(env);
    env.reset = (options) => {
      const result = reset(options);
      missions.push(result.info['mission']);
      return result;
    };
    const actions = [...bytes(trace.actions)];
    const played = replay(env, trace.seed, actions, ({ image, direction }) => [...image, direction]);
    const recorded = Uint8Array.from(inflateSync(bytes(trace.observations)));
    assert.deepEqual(played.observations, rows(recorded, 148));
    assert.deepEqual(played.rewards, [...float64s(trace.rewards)]);
    assert.deepEqual(played.ends, [...bytes(trace.ends)]);
    assert.deepEqual(missions, trace.missions);
  });
}
