import { command, runCommand } from './main.ts';
import { replaceBetweenMarks } from './marked-page.ts';
import { writtenPages } from './written-pages.ts';

await runCommand(async () => {
  const names = writtenPages.map(({ name }) => name).join(', ');
  command('docs', `Writes the tables of settings and tasks from the code into ${names} in docs.`).parse();
  for (const { path, mark, text } of writtenPages) replaceBetweenMarks(path, mark, text());
});
