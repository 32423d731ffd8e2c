import { gameNames } from '../../envs/atari/index.ts';
import { listedEnvironments } from '../ppo/environments.ts';
import { command, runCommand } from './main.ts';

await runCommand(async () => {
  command('games', 'Lists every game and task that --game takes.').parse();
  for (const [kind, list] of Object.entries(listedEnvironments)) {
    const width = Math.max(...list.map(({ name }) => name.length));
    console.log(`${kind}:`);
    for (const { name, summary } of list) console.log(`  ${name.padEnd(width)}  ${summary}`);
  }
  const names = gameNames();
  const width = Math.max(...names.map(({ length }) => length));
  console.log('Atari 2600:');
  for (let i = 0; i < names.length; i += 5) {
    const row = names.slice(i, i + 5).map((name) => name.padEnd(width));
    console.log(`  ${row.join('  ').trimEnd()}`);
  }
});
