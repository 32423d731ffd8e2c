import { fileURLToPath } from 'node:url';
import { compareSettings, evaluateSettings, ppoSettings, taskSettings } from './settings-table.ts';
import { memoryTaskTable } from './task-table.ts';

/** A page of the docs, and what the code writes between its marks of a name. */
interface WrittenPage {
  /** Of the page, in docs. */
  readonly name: string;
  readonly path: string;
  readonly mark: string;
  readonly text: () => string;
}

const inDocs = (name: string): Pick<WrittenPage, 'name' | 'path'> => ({
  name,
  path: fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)),
});

export const writtenPages: readonly WrittenPage[] = [
  { ...inDocs('ppo.md'), mark: 'settings', text: ppoSettings },
  { ...inDocs('compare.md'), mark: 'flags', text: compareSettings },
  { ...inDocs('evaluate.md'), mark: 'settings', text: evaluateSettings },
  { ...inDocs('tasks/settings.md'), mark: 'settings', text: taskSettings },
  { ...inDocs('memory-tasks.md'), mark: 'tasks', text: memoryTaskTable },
];
