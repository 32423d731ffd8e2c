// node setup/run.mjs test/src/export/whole-games.ts RUN [GAMES] [SEED]: exports the agent, lets src/export/play.py
// play, and plays each game again with ours: the same actions and scores? Ends with 1 if not.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from '../../../agents/agent.ts';
import { loadBundle } from '../../../agents/bundle/load-bundle.ts';
import { onnxModel } from '../../../agents/onnx/model.ts';
import { playedInPython, replay } from './replay.ts';

const [run = '', games = '20', seed = '0'] = process.argv.slice(2);
const tie = 1e-4;
const folder = mkdtempSync(join(tmpdir(), 'rim-agents-onnx-'));
try {
  const file = join(folder, 'agent.onnx');
  writeFileSync(file, onnxModel(await loadBundle(run)));
  const agent = await Agent.load(run);
  const total = { steps: 0, ties: 0, other: 0, otherScores: 0 };
  for (const game of await playedInPython(file, Number(games), Number(seed))) {
    const { score, frames, steps, ended, differences } = await replay(agent, game);
    const ties = differences.filter((difference) => difference <= tie).length;
    const isSame = ended && score === game.score && frames === game.frames;
    total.steps += steps;
    total.ties += ties;
    total.other += differences.length - ties;
    total.otherScores += Number(!isSame);
    const differing = differences.map((difference) => difference.toPrecision(2)).join(', ');
    console.log(
      `seed ${game.seed}: ${game.score} points in ${steps} steps; ours ${isSame ? 'the same' : `${score} points`}` +
        (differences.length > 0 ? `; other actions, by logits: ${differing}` : ''),
    );
  }
  const { steps, ties, other, otherScores } = total;
  console.log(
    `${games} games, ${steps} steps: ${otherScores} other scores, ${ties} other actions where two logits lie within ` +
      `${tie}, ${other} elsewhere`,
  );
  process.exitCode = otherScores + other > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
