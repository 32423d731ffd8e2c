// What is an error and what a warning is so in Gymnasium too, but where this file says why not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type AnyEnv, checkEnv, PassiveEnvChecker } from 'gym-js';
import { faultyEnvs } from './faulty-envs.ts';
import { said } from './said.ts';

type Verdict = 'error' | 'warning' | 'nothing';

const file = new URL('../../../oracle/gymnasium-checker.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<'checkEnv' | 'passive', Verdict>>;

/** What checkEnv makes of these on purpose; README.md has the reasons. */
const deliberate: Record<string, Verdict> = {
  'a list as observation': 'error',
  'chance that no seed decides': 'error',
  'a reward that is no number': 'warning',
  'a cut mark that is 0': 'warning',
};

async function verdict(check: () => unknown): Promise<Verdict> {
  const { warnings, error } = await said(check);
  if (error !== undefined) return 'error';
  return warnings.some((message) => !message.startsWith('without a spec')) ? 'warning' : 'nothing';
}

function use(env: AnyEnv): void {
  const checked = new PassiveEnvChecker(env);
  checked.reset({ seed: 1 });
  checked.actionSpace.seed(1);
  for (let i = 0; i < 3; i++) checked.step(checked.actionSpace.sample());
  if (env.renderMode !== undefined) checked.render();
}

test('checkEnv', async () => {
  const expected = Object.fromEntries(Object.entries(recorded).map(([fault, { checkEnv }]) => [fault, checkEnv]));
  for (const [fault, differs] of Object.entries(deliberate)) assert.notEqual(differs, expected[fault], fault);
  const found: Record<string, Verdict> = {};
  for (const [fault, env] of Object.entries(faultyEnvs())) found[fault] = await verdict(() => checkEnv(env));
  assert.deepEqual(found, { ...expected, ...deliberate });
});

test('PassiveEnvChecker', async () => {
  const expected = Object.fromEntries(Object.entries(recorded).map(([fault, { passive }]) => [fault, passive]));
  const found: Record<string, Verdict> = {};
  for (const [fault, env] of Object.entries(faultyEnvs())) found[fault] = await verdict(() => use(env));
  assert.deepEqual(found, expected);
});
