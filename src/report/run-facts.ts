import { grouped } from '../text/words.ts';
import type { Resume } from '../runs/index.ts';
import type { RunData } from './run-data.ts';

/** One line on how a run came about; runs share some of its items. */
interface Fact {
  readonly label: string;
  readonly items: readonly string[];
}

/** How all runs came about: what they share, and what each has of its own, as lists in Markdown. */
export function runFacts(runs: readonly RunData[]): { readonly shared: string; readonly own: readonly string[] } {
  const all = runs.map(facts);
  const keep = (own: readonly Fact[], kept: (item: string, fact: number) => boolean): string =>
    own
      .map(({ label, items }, fact) => ({ label, items: items.filter((item) => kept(item, fact)) }))
      .flatMap((fact) => (fact.items.length > 0 ? [listItem(fact)] : []))
      .join('\n');
  const inAll = (item: string, fact: number): boolean => all.every((own) => own[fact]?.items.includes(item));
  return { shared: keep(all[0] ?? [], inAll), own: all.map((own) => keep(own, (...at) => !inAll(...at))) };
}

function listItem({ label, items }: Fact): string {
  return `- ${label}: ${label === 'Command' ? `\`${items.join(' ')}\`` : items.join(', ')}`;
}

function resumed({ agentStep, changed }: Resume): string {
  const changes = Object.entries(changed).map(([name, [from, to]]) => `${name} ${String(from)} to ${String(to)}`);
  return [grouped(agentStep), ...(changes.length > 0 ? [`(${changes.join(', ')})`] : [])].join(' ');
}

function facts({ config, resumes }: RunData): Fact[] {
  const { options, command, created, environment, parameters, versions, processor } = config;
  const { model, cores, memoryBytes, platform } = processor;
  // Where the folder lay says nothing of the run.
  const flags = command.split(/ (?=--\w)/).filter((flag) => !/^--run[ =]/.test(flag));
  return [
    { label: 'Command', items: flags },
    { label: 'Preprocessing', items: [environment.recipe] },
    { label: 'Network', items: [`${grouped(parameters)} parameters`] },
    {
      label: 'Machine',
      items: [
        ...[model, `${cores} cores`, `${Math.round(memoryBytes / 2 ** 30)} GiB`, platform],
        `${String(options['threads'])} thread${options['threads'] === 1 ? '' : 's'}`,
      ],
    },
    { label: 'Software', items: Object.entries(versions).map(([name, version]) => `${name} ${version}`) },
    { label: 'Begun', items: [created.slice(0, 10)] },
    { label: 'Resumed at agent step', items: resumes.map(resumed) },
  ];
}
