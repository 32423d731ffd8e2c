import { gameNames } from '../../envs/atari/index.ts';
import { listedEnvironments } from '../environments/listed.ts';
import { summaryLines } from '../text/columns.ts';
import { command, runCommand } from './main.ts';

await runCommand(async () => {
  command('games', 'Lists every game and task that --game takes.').parse();
  for (const [kind, list] of Object.entries(listedEnvironments)) {
    console.log(`${kind}:`);
    for (const line of summaryLines(list)) console.log(line);
  }
  const names = gameNames();
  const width = Math.max(...names.map(({ length }) => length));
  console.log('Atari 2600:');
  for (let i = 0; i < names.length; i += 5) {
    const row = names.slice(i, i + 5).map((name) => name.padEnd(width));
    console.log(`  ${row.join('  ').trimEnd()}`);
  }
});
