import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, mock, test, type TestContext } from 'node:test';
import type { RenderFrame } from 'gym-js';
import { ActorCritic, type AgentOptions } from '../../../../agents/actor-critic.ts';
import { portableKernels } from '../../../../agents/kernels/portable/index.ts';
import { atariOptions, PreprocessedAtariEnv } from '../../../../envs/atari/index.ts';
import { type Evaluated, evaluateAgent } from '../../../../src/evaluate/evaluate.ts';
import type { PlayedGame } from '../../../../src/evaluate/game.ts';
import { evaluationSettings } from '../../../../src/evaluate/settings.ts';
import { gamePictures } from '../../../../src/evaluate/video/game-pictures.ts';
import { gameVideo } from '../../../../src/evaluate/video/game-video.ts';
import { shownGames } from '../../../../src/evaluate/video/shown-games.ts';
import { writeVideos } from '../../../../src/evaluate/video/write-videos.ts';
import { writeAgent } from '../../../../src/runs/agent-files.ts';
import { color } from '../../../../src/view/palette.ts';
import { agents, drawn } from '../../../agents/onnx/samples.ts';
import { temporaryFolder } from '../../runs/samples.ts';

const games = 3;
const settings = evaluationSettings.parse({ episodes: games, seed: 5 });
let folder: string;
let evaluated: Evaluated;

before(async (context) => {
  folder = temporaryFolder(context as TestContext);
  mkdirSync(join(folder, 'agent'));
  const options = { ...(agents['rim, pictures'] as AgentOptions), actions: 4 };
  const { manifest, ...learned } = drawn(options, 1, {
    game: 'Breakout',
    actionMeanings: ['NOOP', 'FIRE', 'RIGHT', 'LEFT'],
    settings: atariOptions({ maxNumFramesPerEpisode: 180 }),
  });
  writeAgent(join(folder, 'agent'), manifest, new ActorCritic(options, portableKernels).layout, learned);
  const { signal } = new AbortController();
  const found = await evaluateAgent({
    path: folder,
    settings,
    command: '',
    record: true,
    finished: () => undefined,
    signal,
  });
  evaluated = found as Evaluated;
});

test('the best, the median and the worst game are shown, of equal ones the first, none twice', () => {
  const shown = (...scores: number[]) =>
    shownGames(scores.map((score, index) => ({ score, index }) as PlayedGame)).map(
      ({ as, played }) => `${as} ${played.index}`,
    );
  assert.deepEqual(shown(7), ['best 0']);
  assert.deepEqual(shown(1, 2), ['best 1', 'worst 0']);
  assert.deepEqual(shown(1, 3, 2), ['best 1', 'median 2', 'worst 0']);
  assert.deepEqual(shown(5, 5, 5), ['best 0', 'median 1', 'worst 2']);
  assert.deepEqual(shown(0, 9, 4, 9, 1, 3), ['best 1', 'median 2', 'worst 0']);
});

test('a video has the picture before each step and the one after the last', async () => {
  const told: string[] = [];
  const counted: number[] = [];
  const closed = mock.method(PreprocessedAtariEnv.prototype, 'close');
  await writeVideos(folder, evaluated, {
    signal: new AbortController().signal,
    say: (text) => told.push(text),
    progress: (_, total) => {
      const i = counted.push(0) - 1;
      return {
        next: () => (counted[i] = (counted[i] as number) + 1),
        close: () => assert.equal(counted[i], total),
      };
    },
  });
  const shown = shownGames(evaluated.games);
  assert.equal(closed.mock.callCount(), shown.length);
  closed.mock.restore();
  for (const [i, { as, played }] of shown.entries()) {
    const file = join(folder, `evaluation-${as}.mp4`);
    assert.equal(told[i], `wrote ${file}`);
    assert.ok(played.steps > 30);
    assert.equal(samples(readFileSync(file)), played.steps + 1);
  }
});

/** Pictures in an MP4: the sample count of its sample-size box (ISO/IEC 14496-12, 8.7.3). */
function samples(file: Buffer): number {
  const box = file.indexOf('stsz', 0, 'latin1');
  assert.ok(box > 0);
  return file.readUInt32BE(box + 4 + 4 + 4);
}

for (const last of [0, 1, 5])
  test(`a video that is stopped at frame ${last} leaves no file, and its emulator is closed`, async (context) => {
    const place = temporaryFolder(context);
    const stop = new AbortController();
    if (last === 0) stop.abort();
    const told: string[] = [];
    const closed = mock.method(PreprocessedAtariEnv.prototype, 'close');
    let frames = 0;
    const next = (): void => {
      frames += 1;
      if (frames === last) stop.abort();
    };
    await writeVideos(place, evaluated, {
      signal: stop.signal,
      say: (text) => told.push(text),
      progress: () => ({ next, close: () => undefined }),
    });
    assert.deepEqual([frames, readdirSync(place), told], [last, [], ['Stopped: the other videos were not written']]);
    assert.equal(closed.mock.callCount(), 1);
    closed.mock.restore();
  });

test('a video that cannot be written, or whose game goes otherwise, closes its emulator', async (context) => {
  const place = join(temporaryFolder(context), 'file');
  writeFileSync(place, '');
  const closed = mock.method(PreprocessedAtariEnv.prototype, 'close');
  const told = {
    signal: new AbortController().signal,
    say: () => undefined,
    progress: () => ({ next: () => undefined, close: () => undefined }),
  };
  await assert.rejects(writeVideos(place, evaluated, told), {
    name: 'UserError',
    message: /a part of the path is a file/,
  });
  assert.equal(closed.mock.callCount(), 1);
  const [game] = evaluated.games as [PlayedGame];
  const other = { ...evaluated, games: [{ ...game, score: game.score + 1 }] };
  await assert.rejects(writeVideos(folder, other, told), /scored .* when replayed/);
  assert.equal(closed.mock.callCount(), 2);
  closed.mock.restore();
  const unrecorded = { ...evaluated, games: evaluated.games.map(({ recording: _, ...rest }) => rest) };
  await assert.rejects(writeVideos(folder, unrecorded, told), /was not recorded/);
});

test('pictures of a game are its screens', async () => {
  const { atari, games } = evaluated;
  const [{ seed, score, steps, recording }] = games as [PlayedGame];
  const pictures: RenderFrame[] = [];
  const replayed = gamePictures('Breakout', atari ?? atariOptions({}), {
    seed,
    score,
    actions: recording?.actions ?? [],
  });
  for await (const picture of replayed) pictures.push(picture);
  assert.equal(pictures.length, steps + 1);
  for (const { width, height } of pictures) assert.deepEqual([width, height], [160, 210]);
});

/** Screens of one colour each. */
async function* colours(count: number): AsyncGenerator<RenderFrame> {
  for (let i = 0; i < count; i++) yield { data: new Uint8Array(160 * 210 * 3).fill(i + 1), width: 160, height: 210 };
}

test('beside the screen each module has a strip: the newest step right, active ones in colour', async () => {
  const [steps, modules] = [6, 3];
  const active = Uint8Array.from({ length: steps * modules }, (_, i) => Number(i % 4 === 0 || i % 5 === 1));
  const video = await gameVideo(colours(steps + 1), 15, { title: 'a', subtitle: 'b', modules, active });
  assert.deepEqual([video.width, video.height, video.framesPerSecond], [560, 420, 15]);
  let frame = 0;
  for await (const pixels of video.frames) {
    const at = (x: number, y: number): string =>
      Buffer.from(pixels).toString('hex', (y * 560 + x) * 4, (y * 560 + x) * 4 + 4);
    const screen = `${Buffer.from([frame + 1, frame + 1, frame + 1]).toString('hex')}ff`;
    assert.deepEqual([at(0, 0), at(319, 419)], [screen, screen]);
    const newest = Math.min(frame, steps - 1);
    for (let module = 0; module < modules; module++)
      for (let back = 0; back <= newest; back++) {
        const isActive = active[(newest - back) * modules + module] === 1;
        const expected = isActive ? `${color(module).slice(1)}ff` : 'eeeeeeff';
        assert.equal(at(320 + 34 + 2 * (99 - back), 64 + 24 * module), expected, `frame ${frame}, ${module}, ${back}`);
      }
    assert.equal(at(320 + 34 + 2 * (99 - newest - 1), 64), 'ffffffff', 'nothing before the first step');
    frame += 1;
  }
  assert.equal(frame, steps + 1);
});

test('of 300 modules each has a strip, and of more than there are rows none falls out of the picture', async () => {
  for (const modules of [300, 2000]) {
    const active = new Uint8Array(modules).fill(1);
    const { frames } = await gameVideo(colours(2), 15, { title: 'a', subtitle: 'b', modules, active });
    for await (const pixels of frames) {
      const x = 320 + 34 + 2 * 99;
      const rows = Array.from({ length: 420 }, (_, y) =>
        Buffer.from(pixels).toString('hex', (y * 560 + x) * 4, (y * 560 + x) * 4 + 3),
      );
      assert.equal(rows.filter((colour) => colour !== 'ffffff').length, Math.min(modules, 420 - 64 - 8));
    }
  }
});
