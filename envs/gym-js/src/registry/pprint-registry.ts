import type { EnvSpec } from './env-spec.ts';
import { registry } from './registry.ts';

export interface PprintOptions {
  /** Ids in a line; default 3. */
  numCols?: number;
  /** Namespaces to leave out. */
  excludeNamespaces?: readonly string[];
  /** What to print; default: all registered environments. */
  specs?: Iterable<EnvSpec>;
}

/**
 * The ids of all registered environments in columns, one table per namespace (gymnasium.pprint_registry): for the
 * reader to print. Environments without a namespace stand under the module of their entry point, if they name one.
 */
export function pprintRegistry(options: PprintOptions = {}): string {
  const { numCols = 3, excludeNamespaces = [], specs = registry.values() } = options;
  const all = [...specs];
  const width = Math.max(0, ...all.map(({ id }) => id.length));
  const headings = [...new Set(all.map(heading))].filter((name) => !excludeNamespaces.includes(name));
  const group = (name: string): EnvSpec[] => all.filter((spec) => heading(spec) === name);
  return headings.map((name) => `===== ${name} =====\n${columns(group(name), numCols, width)}`).join('\n');
}

function heading({ namespace, entryPoint, name }: EnvSpec): string {
  if (namespace !== undefined) return namespace;
  return typeof entryPoint === 'string' ? entryPoint.slice(0, Math.max(0, entryPoint.lastIndexOf(':'))) : name;
}

function columns(specs: readonly EnvSpec[], numCols: number, width: number): string {
  const ids = specs.map(({ id }) => id).sort();
  const lines: string[] = [];
  for (let i = 0; i < ids.length; i += numCols) {
    lines.push(
      ids
        .slice(i, i + numCols)
        .map((id) => id.padEnd(width))
        .join(' ')
        .trimEnd(),
    );
  }
  return lines.join('\n');
}
