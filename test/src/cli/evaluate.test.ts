import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readBundle } from '../../../agents/bundle/read-bundle.ts';
import { onnxModel } from '../../../agents/onnx/model.ts';
import { type Evaluation, readEvaluation } from '../../../src/evaluate/evaluation.ts';
import { claim, release } from '../../../src/runs/claim.ts';
import { small, written } from '../../agents/bundle/samples.ts';
import { run, runAndInterrupt } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rim-agents-evaluate-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A bundle on CartPole. */
function saved(name: string): string {
  const { manifest, weights } = written(small('rim'));
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(join(place, 'agent.json'), manifest);
  writeFileSync(join(place, 'weights.safetensors'), weights);
  return place;
}

test('games of a bundle are played, written and told of', async () => {
  const place = saved('bundle');
  const { code, stdout, stderr } = await run('evaluate', place, '--episodes', '5', '--seed', '3');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^1 of 5 games.*\n5 of 5 games in \d+ s, last .*\nCartPole-v1 · rim, [\d,]+ parameters, 1,024 steps learned\n/,
  );
  assert.match(stdout, /\n5 games from seed 3, actions drawn by the policy\n/);
  assert.match(stdout, /\nmean .* ± .*\nmedian .*\nIQM .*95 % interval .*\nsteps .*\nmodules active +0: \d+ %/);
  assert.match(stdout, /wrote \S+evaluation.json\nno videos: CartPole-v1 has no screen\n$/);
  const evaluation = readEvaluation(join(place, 'evaluation.json'));
  const { games, protocol, agent } = evaluation;
  assert.deepEqual(Object.keys(evaluation.versions).sort(), ['kernels', 'node', 'rim-agents', 'tensorflow']);
  assert.match(evaluation.versions['kernels'] ?? '', /^(native \(\w+\)|portable)$/);
  assert.equal(evaluation.threads, availableParallelism());
  assert.equal(evaluation.command, `npm run evaluate -- ${place} --episodes 5 --seed 3`);
  assert.deepEqual(
    games.map(({ seed }) => seed),
    [3, 4, 5, 6, 7],
  );
  assert.deepEqual([protocol.greedy, protocol.name, protocol.given, agent.agentStep], [false, 'trained', {}, 1024]);

  const older = join(folder, 'older.json');
  writeFileSync(older, JSON.stringify({ ...evaluation, format: 1 }));
  assert.throws(() => readEvaluation(older), {
    name: 'UserError',
    message: `${older} has format 1, this version reads 2; npm run evaluate makes it anew`,
  });

  const elsewhere = join(folder, 'made', 'else where');
  const args = [place, '--episodes', '5', '--seed', '3', '--envs', '2', '--out', elsewhere];
  const second = await run('evaluate', ...args, '--threads', '2', '--json');
  const printed = JSON.parse(second.stdout) as { games: unknown };
  assert.deepEqual(printed, readEvaluation(join(elsewhere, 'evaluation.json')));
  assert.deepEqual(printed.games, games);
  const { command, threads } = readEvaluation(join(elsewhere, 'evaluation.json'));
  assert.equal(threads, 2);
  assert.ok(command.endsWith(` --out '${elsewhere}' --threads 2 --json`), 'it can be typed again');
});

test('an ONNX file alone plays the same games, and a damaged one is refused', async () => {
  const { manifest, weights } = written(small('rim'));
  const file = onnxModel(readBundle(JSON.parse(manifest.toString()), weights));
  const place = join(folder, 'onnx');
  mkdirSync(place);
  writeFileSync(join(place, 'agent.onnx'), file);
  const args = ['--greedy', '--episodes', '4', '--json'];
  const { stdout, stderr } = await run('evaluate', join(place, 'agent.onnx'), ...args);
  assert.equal(stderr, '');
  const found = JSON.parse(stdout) as Evaluation;
  const of = JSON.parse((await run('evaluate', saved('beside-onnx'), ...args)).stdout) as Evaluation;
  const scores = ({ games }: Evaluation): number[] => games.map(({ score }) => score);
  assert.deepEqual(scores(found), scores(of));
  assert.equal(found.agent.sha256, of.agent.sha256);
  assert.ok(Math.abs(found.summary.activation.nearZero - of.summary.activation.nearZero) < 0.01);
  assert.deepEqual(readdirSync(place).sort(), ['agent.onnx', 'evaluation.json']);
  assert.deepEqual([found.threads, 'onnxruntime' in found.versions, 'kernels' in found.versions], [1, true, false]);
  const threaded = await run('evaluate', join(place, 'agent.onnx'), '--threads', '2');
  assert.deepEqual([threaded.code, threaded.stderr.split(', ')[0]], [2, 'error: --threads is of TensorFlow']);

  const flipped = Buffer.from(file);
  const at = flipped.indexOf('"maxEpisodeSteps":500') + '"maxEpisodeSteps":'.length;
  flipped[at] = (flipped[at] as number) ^ 1; // 400
  for (const [name, bytes, message] of [
    ['flipped', flipped, /flipped\.onnx: the ONNX file is damaged \(its fileSha256 is not/],
    ['truncated', file.subarray(0, 999), /no ONNX model|damaged|holds no agent/],
    ['text', Buffer.from('hello, I am no model'), /no ONNX model|holds no agent/],
  ] as const) {
    writeFileSync(join(place, `${name}.onnx`), bytes);
    const refused = await run('evaluate', join(place, `${name}.onnx`));
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /^error: [^\n]+\n$/);
    assert.match(refused.stderr, message);
  }
});

test('what cannot be is refused in one line', async () => {
  const place = saved('refused');
  const refused = async (args: readonly string[], message: RegExp): Promise<void> => {
    const { code, stdout, stderr } = await run('evaluate', ...args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^error: [^\n]+\n$/);
    assert.match(stderr, message);
  };
  await refused([join(folder, 'none')], /no folder or file .*none/);
  await refused([place, '--out', join(place, 'agent.json', 'here')], /cannot make .*agent\.json/);
  await refused([place, '--out', join(place, 'agent.json')], /cannot make the folder .*agent\.json: there is a file/);
  await refused([''], /no folder or file ''/);
  mkdirSync(join(folder, 'taken', 'evaluation.json'), { recursive: true });
  await refused([place, '--out', join(folder, 'taken')], /cannot write .*evaluation\.json: it is a folder/);
  const claimed = join(folder, 'taken', 'evaluation.pid');
  rmSync(join(folder, 'taken', 'evaluation.json'), { recursive: true });
  claim(claimed);
  await refused([place, '--out', join(folder, 'taken')], /process \d+ is still writing an evaluation there; stop it/);
  release(claimed);
  await refused([place, '--protocol', 'mchado'], /--protocol "mchado": must be one of trained, machado, v5/);
  await refused([place, '--sticky', '0.25'], /--sticky does nothing in CartPole-v1/);
  await refused([place, '--protocol', 'v5'], /--protocol v5 is of games of Atari/);
  const file = join(place, 'agent.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"features": 6', '"features": 7'));
  await refused([place], /agent\.json is damaged \(its sha256 is not that of its content\)/);
  assert.ok(!existsSync(join(place, 'evaluation.json')));
  const out = join(folder, 'refused-out', 'below');
  await refused([place, '--out', out], /agent\.json is damaged/);
  assert.ok(!existsSync(join(folder, 'refused-out')), 'no empty folder is left');
});

test('Ctrl-C leaves nothing behind', async () => {
  const place = saved('stopped');
  const { code, stdout } = await runAndInterrupt(
    { text: ' of 100000 games' },
    ...(['evaluate', place, '--episodes', '100000'] as const),
  );
  assert.equal(code, 0);
  assert.match(stdout, /\nStopped: nothing was written\n$/);
  assert.deepEqual(readdirSync(place).sort(), ['agent.json', 'weights.safetensors']);
});
