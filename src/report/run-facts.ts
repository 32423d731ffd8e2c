import { grouped } from '../text/words.ts';
import type { Resume } from '../runs/index.ts';
import type { RunData } from './run-data.ts';

/** One line on how a run came about; runs share some of its items. */
interface Fact {
  readonly label: string;
  readonly items: readonly string[];
}

/** How all runs came about: what they share, and what each has of its own. */
export function runFacts(runs: readonly RunData[]): {
  readonly shared: readonly Fact[];
  readonly own: readonly (readonly Fact[])[];
} {
  const all = runs.map(facts);
  const keep = (own: readonly Fact[], kept: (item: string, fact: number) => boolean): Fact[] =>
    own
      .map(({ label, items }, fact) => ({ label, items: items.filter((item) => kept(item, fact)) }))
      .filter(({ items }) => items.length > 0);
  const inAll = (item: string, fact: number): boolean => all.every((own) => own[fact]?.items.includes(item));
  return { shared: keep(all[0] ?? [], inAll), own: all.map((own) => keep(own, (...at) => !inAll(...at))) };
}

/** A fact's items in one text. */
export function factText({ label, items }: Fact): string {
  return items.join(label === 'Command' ? ' ' : ', ');
}

/** Facts as a list in Markdown. */
export function factList(facts: readonly Fact[]): string {
  const text = (fact: Fact): string => (fact.label === 'Command' ? `\`${factText(fact)}\`` : factText(fact));
  return facts.map((fact) => `- ${fact.label}: ${text(fact)}`).join('\n');
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
