// A worker's entry that breaks: BREAK says how, BREAK_AFTER after how many steps of its environments.
import { register } from 'tsx/esm/api';

register();
const how = process.env.BREAK;
const breakNow = {
  throw() {
    throw new Error('the cartridge melted\n  and more lines');
  },
  exit() {
    process.exit(7);
  },
  hang() {
    for (;;);
  },
}[how];

if (how === 'load') throw new Error('no such thing');
const { AtariGame } = await import('../../../envs/atari/atari-game.ts');
const { step } = AtariGame.prototype;
let left = Number(process.env.BREAK_AFTER);
AtariGame.prototype.step = function (action) {
  if (left-- === 0) breakNow();
  step.call(this, action);
};
await import('../../../envs/atari/worker.ts');
