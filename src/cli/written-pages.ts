import { fileURLToPath } from 'node:url';
import { compareSettings, evaluateSettings, ppoSettings, taskSettings } from './settings-table.ts';
import { memoryTaskTable } from './task-table.ts';

/** A page of the docs, and what the code writes between its marks of a name. */
interface WrittenPage {
  readonly path: string;
  readonly mark: string;
  readonly text: () => string;
}

const inDocs = (name: string): string => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

export const writtenPages: readonly WrittenPage[] = [
  { path: inDocs('ppo.md'), mark: 'settings', text: ppoSettings },
  { path: inDocs('compare.md'), mark: 'flags', text: compareSettings },
  { path: inDocs('evaluate.md'), mark: 'settings', text: evaluateSettings },
  { path: inDocs('tasks/settings.md'), mark: 'settings', text: taskSettings },
  { path: inDocs('memory-tasks.md'), mark: 'tasks', text: memoryTaskTable },
];
