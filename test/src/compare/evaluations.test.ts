import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle } from '../../../agents/bundle/write-bundle.ts';
import { ActorCritic, type AgentOptions } from '../../../agents/actor-critic.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { Random } from '../../../agents/random.ts';
import { atariOptions } from '../../../envs/atari/options.ts';
import { runCommandInChild } from '../../../src/compare/child-process.ts';
import { evaluations, measureWords } from '../../../src/compare/evaluations.ts';
import { type ComparedRun, comparedArms } from '../../../src/compare/run-set.ts';
import { readEvaluation } from '../../../src/evaluate/evaluation.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { madeUpRun } from '../runs/made-up-ppo-runs.ts';

const network: AgentOptions = {
  ...{ observationShape: [84, 84, 4], observationType: 'uint8', actions: 4, features: 4 },
  core: { kind: 'ff' },
};

/** A run of Breakout with an untrained agent, whose games are short. @returns its path */
function runWithAgent(path: string, seed: number): string {
  madeUpRun(path, { options: { seed, core: 'ff' } });
  const { layout } = new ActorCritic(network, portableKernels);
  const environment = {
    ...{ game: 'Breakout', recipe: '', actionMeanings: ['NOOP', 'FIRE', 'RIGHT', 'LEFT'] },
    settings: atariOptions({}),
  };
  const description = { agent: network, environment, training: { algorithm: 'PPO', settings: {}, versions: {} } };
  const learned = { parameters: layout.initial(new Random(seed)), agentStep: 4096, update: 4 };
  mkdirSync(join(path, 'agent'));
  for (const { name, parts } of bundle({ ...description, license: 'MIT' }, layout, learned))
    writeFileSync(join(path, 'agent', name), Buffer.concat(parts.map((part) => Buffer.from(part))));
  return path;
}

test('an evaluation made otherwise, or damaged, stays and is made anew aside; a like one is taken', async (context) => {
  const folder = temporaryFolder(context);
  const { signal } = new AbortController();
  // Two folders of one name.
  const [a, b] = [1, 2].map((seed) => runWithAgent(join(folder, `${seed}`, 'run'), seed)) as [string, string];
  const [arm] = comparedArms([a, b]);
  const flags = '--seed 100001 --episodes 1 --sticky 0.9 --frame-cap 200 --no-video --threads 1'.split(' ');
  assert.deepEqual(await runCommandInChild('evaluate', [a, ...flags], signal), { ok: true, said: '' });
  const otherwise = readFileSync(join(a, 'evaluation.json'), 'utf8');
  writeFileSync(join(b, 'evaluation.json'), otherwise.slice(0, 99));

  const said: string[] = [];
  const wanted = { episodes: 1, greedy: false, protocol: 'trained' } as const;
  const evaluate = (runs: readonly ComparedRun[]) =>
    evaluations(runs, wanted, {
      ...{ out: folder, parallelism: { runs: 1, threads: 1 }, signal },
      say: (text) => said.push(text),
    });
  const made = await evaluate(arm?.runs ?? []);
  assert.equal(said.length, 2);
  assert.match(said[0] ?? '', /score of one whole game$/);
  assert.deepEqual(
    [a, b].map((path) => made?.get(path)?.protocol.seed),
    [100_001, 200_001],
  );
  assert.deepEqual(made?.get(a)?.protocol.settings['repeatActionProbability'], 0);
  assert.equal(readFileSync(join(a, 'evaluation.json'), 'utf8'), otherwise);
  const names = readdirSync(join(folder, 'evaluations'));
  assert.deepEqual(names.sort(), [a, b].map((path) => made?.get(path)?.agent.sha256.slice(0, 16)).sort());
  for (const name of names) assert.ok(readEvaluation(join(folder, 'evaluations', name, 'evaluation.json')));

  assert.deepEqual(await evaluate(arm?.runs ?? []), made);
  assert.equal(said.length, 2, 'nothing was played again');
});

test('a measure of one game is told as that', () => {
  const measure = { greedy: true, protocol: 'v5' } as const;
  const rest = 'of the frozen agent, by the protocol v5, the most likely action always';
  assert.equal(measureWords({ ...measure, episodes: 1 }), `score of one whole game ${rest}`);
  assert.equal(measureWords({ ...measure, episodes: 30 }), `mean of 30 whole games ${rest}`);
});
