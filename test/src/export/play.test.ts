// Games that Python plays from the exported file alone, with native ALE, are those that ours plays.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { ActorCritic, type AgentOptions } from '../../../agents/actor-critic.ts';
import { Agent } from '../../../agents/agent.ts';
import type { Bundle } from '../../../agents/bundle/read-bundle.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { onnxModel } from '../../../agents/onnx/model.ts';
import { type AtariOptions, atariOptions } from '../../../envs/atari/index.ts';
import { PreprocessedAtariEnv } from '../../../envs/atari/preprocessed-env.ts';
import { onnxPython } from '../../peers/onnx-python.ts';
import { agents, drawn } from '../../agents/onnx/samples.ts';
import { playedInPython, replay } from './replay.ts';

const script = new URL('../../../src/export/play.py', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rim-agents-play-'));
before(() => loadTensorFlow());
after(() => rmSync(folder, { recursive: true }));

interface Case {
  readonly sample: string;
  readonly game: string;
  readonly actionMeanings: readonly string[];
  readonly options: Partial<AtariOptions>;
}

const moves = ['UP', 'RIGHT', 'LEFT', 'DOWN'];
const breakout = { game: 'Breakout', actionMeanings: ['NOOP', 'FIRE', 'RIGHT', 'LEFT'] };
const cases: Readonly<Record<string, Case>> = {
  'a lost life is an episode, which begins with FIRE': {
    ...{ sample: 'rim, pictures', ...breakout },
    options: { fireReset: true, maxNumFramesPerEpisode: 1600 },
  },
  'a lost life is an episode, frames stay; sticky actions, a mode and a difficulty': {
    ...{ sample: 'lstm, pictures', ...breakout },
    options: { repeatActionProbability: 0.25, mode: 4, difficulty: 1, maxNumFramesPerEpisode: 1200 },
  },
  'layers of modules; episodes are whole games': {
    ...{ sample: 'brim, pictures', ...breakout },
    options: { fireReset: true, terminalOnLifeLoss: false, maxNumFramesPerEpisode: 1200 },
  },
  'whole games in colours, without no-ops': {
    ...{ sample: 'gru, pictures in colours', game: 'Qbert', actionMeanings: ['NOOP', 'FIRE', ...moves] },
    options: { grayscale: false, terminalOnLifeLoss: false, noopMax: 0, maxNumFramesPerEpisode: 1200 },
  },
  'the last of five frames alone, of a taller screen': {
    sample: 'ff, one picture',
    game: 'JourneyEscape',
    actionMeanings: [
      ...['NOOP', ...moves, 'UPRIGHT', 'UPLEFT', 'DOWNRIGHT', 'DOWNLEFT', 'RIGHTFIRE', 'LEFTFIRE', 'DOWNFIRE'],
      ...['UPRIGHTFIRE', 'UPLEFTFIRE', 'DOWNRIGHTFIRE', 'DOWNLEFTFIRE'],
    ],
    options: { stackNum: 1, maxPool: false, frameSkip: 5, maxNumFramesPerEpisode: 1000 },
  },
};

describe('a game in Python, from the file alone, has the actions and the score of ours', () => {
  for (const [name, { sample, game, actionMeanings, options }] of Object.entries(cases))
    test(name, async () => {
      const like = agents[sample] as AgentOptions;
      const settings = atariOptions(options);
      const bundle = drawn({ ...like, actions: actionMeanings.length }, 1, { game, actionMeanings, settings });
      await balance(bundle);
      const file = join(folder, 'agent.onnx');
      writeFileSync(file, onnxModel(bundle));
      const agent = new Agent(bundle, selectKernels('auto'));
      const kinds = new Set<number>();
      for (const played of await playedInPython(file, 1, 7)) {
        const { score, frames, ended, differences } = await replay(agent, played);
        assert.deepEqual({ score, frames, ended }, { score: played.score, frames: played.frames, ended: true });
        assert.deepEqual(
          differences.filter((difference) => difference > 1e-4),
          [],
        ); // closer ones are ties
        for (const action of played.actions) kinds.add(action);
      }
      agent.dispose();
      assert.ok(kinds.size > 2, `takes ${kinds.size} of ${actionMeanings.length} actions`);
    });
});

/** Makes all actions equally likely on average, so that what the agent sees and remembers decides. */
async function balance({ manifest, parameters, ...learned }: Bundle): Promise<void> {
  const agent = new Agent({ manifest, parameters, ...learned }, selectKernels('auto'));
  const { actions } = manifest.agent;
  const env = await PreprocessedAtariEnv.create({ ...manifest.environment.settings, game: manifest.environment.game });
  const sums = new Float64Array(actions);
  let { observation } = env.reset();
  let state = agent.initialState();
  const steps = 40;
  for (let t = 0; t < steps; t++) {
    const act = agent.act(observation, state);
    act.logits.forEach((logit, action) => (sums[action] = (sums[action] as number) + logit / steps));
    ({ state } = act);
    const { terminated, ...seen } = env.step(t % actions);
    ({ observation } = terminated ? env.reset() : seen);
  }
  env.close();
  agent.dispose();
  const { layout } = new ActorCritic(manifest.agent, portableKernels);
  const { offset = 0 } = layout.placed.find(({ name }) => name === 'policy.bias') ?? {};
  sums.forEach((mean, action) => (parameters[offset + action] = (parameters[offset + action] as number) - mean));
}

test('what is no agent for a game of Atari, or one that learned otherwise, is refused in a line', async () => {
  const file = join(folder, 'refused.onnx');
  const python = await onnxPython();
  const pictures = { ...(agents['ff, one picture'] as AgentOptions), actions: 4 };
  for (const [bundle, found] of [
    [drawn(agents.lstm as AgentOptions, 1), "('2', None, None)"],
    [drawn(pictures, 1, { ...breakout, settings: atariOptions({ seeding: 'ale' }) }), "('2', 'ale', 84)"],
    [drawn(pictures, 1, { ...breakout, settings: atariOptions({ screenSize: 42 }) }), "('2', 'gymnasium', 42)"],
  ] as const) {
    writeFileSync(file, onnxModel(bundle));
    await assert.rejects(promisify(execFile)(python, [script, file]), {
      stderr: `${file} has format, seeding and screenSize ${found}; needed are 2, gymnasium and 84\n`,
    });
  }
});

test("docs/export.md's example runs", async () => {
  writeFileSync(join(folder, 'agent.onnx'), onnxModel(drawn(agents['rim, pictures'] as AgentOptions, 1)));
  const [, example = ''] = /```python\n([^]*?)```/.exec(readFileSync('docs/export.md', 'utf8')) ?? [];
  const { stdout } = await promisify(execFile)(await onnxPython(), ['-c', example], { cwd: folder });
  assert.match(stdout, /^(ACTION \d\n){10}$/);
});

test('the script has at most 80 lines', () => {
  assert.ok(readFileSync(script, 'utf8').trimEnd().split('\n').length <= 80);
});
