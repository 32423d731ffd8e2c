import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ActionWrapper,
  Discrete,
  EnvSpec,
  ObservationWrapper,
  RewardWrapper,
  TransformAction,
  TransformObservation,
  TransformReward,
  unwrapped,
  Wrapper,
} from 'gym-js';
import { Grip, Toy, type ToyArray } from '../toy-env.ts';

test('a wrapper that overrides nothing is its environment', () => {
  const toy = new Toy({ renderMode: 'ansi' });
  const env = new Wrapper<ToyArray, number>(new Wrapper<ToyArray, number>(toy));
  const other = new Toy({ renderMode: 'ansi' });
  assert.deepEqual(env.reset({ seed: 3 }), other.reset({ seed: 3 }));
  assert.deepEqual(env.step(2), other.step(2));
  assert.equal(env.render(), 'step 1');
  assert.equal(env.observationSpace, toy.observationSpace);
  assert.equal(env.actionSpace, toy.actionSpace);
  assert.equal(env.metadata, toy.metadata);
  assert.equal(env.renderMode, 'ansi');
  assert.equal(env.spec, undefined);
  assert.equal(env.unwrapped, toy);
  assert.equal(unwrapped(toy), toy);
  assert.equal(env.toString(), '<Wrapper<Wrapper<Toy instance>>>');
  env.close();
  assert.equal(toy.closed, 1);
});

test('the nearest wrapper that has an attribute is asked', () => {
  class Named extends Wrapper<ToyArray, number> {
    readonly name = 'inner';
  }
  const env = new Wrapper<ToyArray, number>(new Named(new Toy({ length: 8 })));
  assert.deepEqual(
    ['name', 'length', 'nothing'].map((name) => env.getWrapperAttr(name)),
    ['inner', 8, undefined],
  );
});

test('an environment without render says so', () => {
  const env = new Wrapper(new Grip());
  assert.throws(() => env.render(), /<Wrapper<Grip instance>> cannot render: the environment has no render\(\)/);
});

/** What the three base classes and the three wrappers with functions do alike. */
function first(env: { reset(o: object): { observation: unknown }; step(a: number): object }): unknown[] {
  return [env.reset({ seed: 3 }).observation, env.step(1)];
}

test('observations are changed by one method, or a function', () => {
  const observationSpace = new Discrete(9);
  class Sum extends ObservationWrapper<number, number, ToyArray> {
    constructor(env: Toy) {
      super(env);
      this.observationSpace = observationSpace;
    }
    override observation([a = 0, b = 0]: ToyArray): number {
      return a + b;
    }
  }
  const func = ([a = 0, b = 0]: ToyArray): number => a + b;
  const by = new TransformObservation<number, number, ToyArray>(new Toy(), { func, observationSpace });
  const [start, step] = first(new Sum(new Toy()));
  const [plainStart, plainStep] = first(new Toy()) as [ToyArray, { observation: ToyArray }];
  assert.equal(start, func(plainStart));
  assert.deepEqual(step, { ...plainStep, observation: func(plainStep.observation) });
  assert.deepEqual(first(by), [start, step]);
  assert.equal(by.observationSpace, observationSpace);
});

test('rewards are changed by one method, or a function', () => {
  class Double extends RewardWrapper<ToyArray, number> {
    override reward(reward: number): number {
      return reward * 2;
    }
  }
  const [, plain] = first(new Toy()) as [unknown, { reward: number }];
  const doubled = { ...plain, reward: plain.reward * 2 };
  assert.deepEqual(first(new Double(new Toy()))[1], doubled);
  assert.deepEqual(first(new TransformReward(new Toy(), { func: (reward) => reward * 2 }))[1], doubled);
});

test('actions are changed by one method, or a function', () => {
  class Next extends ActionWrapper<ToyArray, number> {
    override action(action: number): number {
      return action + 1;
    }
  }
  const env = new Toy();
  env.reset({ seed: 3 });
  const expected = env.step(2);
  const actionSpace = new Discrete(2, -1);
  const by = new TransformAction<ToyArray, number>(new Toy(), { func: (action) => action + 1, actionSpace });
  assert.deepEqual(first(new Next(new Toy()))[1], expected);
  assert.deepEqual(first(by)[1], expected);
  assert.equal(by.actionSpace, actionSpace);
});

test("the spec tells of each wrapper; of one that is not this package's, by its class", () => {
  class Mine extends Wrapper<ToyArray, number> {
    constructor(env: Toy, kwargs: { size: number }) {
      super(env, kwargs);
    }
  }
  const toy = Object.assign(new Toy(), { spec: new EnvSpec({ id: 'Toy-v0', entryPoint: 'toys:Toy' }) });
  const env = new Mine(toy, { size: 3 });
  assert.deepEqual(env.spec?.additionalWrappers, [{ name: 'Mine', entryPoint: Mine, kwargs: { size: 3 } }]);
  assert.throws(() => env.spec?.toJson(), /"entryPoint" is the function Mine/);
  assert.equal(env.spec, env.spec, 'made once');
});
