import { createHash } from 'node:crypto';
import { type Ale, loadAle } from 'ale-wasm';
import { draws } from '../../draws.ts';
import type { PatchedPlay } from './patches-report.ts';

/*
 * `patched-play.ts DIRECTORY GAME FRAMES`: plays random actions on the build in that folder, in a process of its own,
 * and prints what it measured as one line of JSON. Time is that of the processor in this program, not of the clock.
 */

const [directory = '', game = '', frames = ''] = process.argv.slice(2);

const module = await loadAle({ directory });
const userSeconds = (): number => process.cpuUsage().user / 1e6;

async function emulator(): Promise<Ale> {
  const made = await module.create();
  made.setSeed(1);
  made.setRepeatActionProbability(0);
  await made.loadRom(game);
  return made;
}

const ale = await emulator();
const begin = userSeconds();
const others = [await emulator(), await emulator()];
const creationSeconds = (userSeconds() - begin) / others.length;

const actions = ale.minimalActions();
const draw = draws(1);
const screen = new Uint8Array(ale.screen.length);
const shown = createHash('sha256');

/** @returns frames per second; all that was played goes into the hash */
function play(count: number): number {
  let reward = 0;
  const before = userSeconds();
  for (let i = 0; i < count; i++) {
    if (ale.gameOver) ale.resetGame();
    reward += ale.act(actions[draw(actions.length)] ?? 0);
    screen.set(ale.screen);
  }
  const rate = count / (userSeconds() - before);
  shown.update(screen).update(ale.ram).update(`${reward}`);
  return rate;
}

play(Math.ceil(Number(frames) / 3)); // until V8 has compiled what is used
const framesPerSecond = play(Number(frames));
const result: PatchedPlay = { framesPerSecond, creationSeconds, shown: shown.digest('hex') };
process.stdout.write(`${JSON.stringify({ result })}\n`);
