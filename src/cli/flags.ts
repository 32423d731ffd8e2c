import { type Command, Option } from 'commander';
import { z } from 'zod';
import { innerSchema, placeholderOf, range } from '../settings/allowed.ts';
import { flagName } from '../settings/flag-name.ts';

/** What a setting's schema says of itself beside its type: see the tables in config files. */
interface Described {
  readonly group?: string;
  readonly text?: string;
  readonly source?: string;
  readonly placeholder?: string;
}

/**
 * Adds one flag per setting of a table: numbers and choices take a value, booleans that are true by default get
 * `--no-`. What a preset may have switched takes its opposite too, which `--help` leaves out.
 */
export function addFlags(to: Command, table: z.ZodObject): Command {
  for (const [key, schema] of Object.entries(table.shape)) {
    const made = flag(key, schema as z.ZodType);
    const other = opposite(key, made, innerSchema(schema as z.ZodType));
    to.addOption(made);
    if (other !== undefined) to.addOption(new Option(other).hideHelp().helpGroup(made.helpGroupHeading ?? ''));
  }
  return to;
}

/**
 * Parses a command line; errors and `--help` are thrown, for `runCommand`.
 * @returns only what the user gave, by flags' names in camel case
 */
export function parse(parser: Command, args: readonly string[]): Record<string, unknown> {
  parser.parse(args, { from: 'user' });
  return Object.fromEntries(
    Object.entries(parser.opts()).filter(([key]) => parser.getOptionValueSource(key) === 'cli'),
  );
}

/** Per setting of a table: flag, default, range, what it does, source; for the docs. */
export function describeFlags(table: z.ZodObject): string[][] {
  return Object.entries(table.shape).map(([key, schema]) => {
    const { long = '', description } = flag(key, schema as z.ZodType);
    const { text = description, source = '', placeholder } = ((schema as z.ZodType).meta() ?? {}) as Described;
    const standard = schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : '';
    const inner = innerSchema(schema as z.ZodType);
    const switches = inner instanceof z.ZodBoolean;
    return [
      `\`${long}\``,
      switches ? '' : standard,
      switches ? '' : range(inner) || (placeholder ?? placeholderOf(inner)),
      text,
      source,
    ];
  });
}

function flag(key: string, schema: z.ZodType): Option {
  const {
    text = '',
    source,
    group,
    placeholder = placeholderOf(innerSchema(schema)),
  } = (schema.meta() ?? {}) as Described;
  const standard = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
  const inner = innerSchema(schema);
  const from = source ? ` [${source}]` : '';
  const made =
    inner instanceof z.ZodBoolean
      ? new Option(standard === true ? flagName(`no-${key}`) : flagName(key), `${text}${from}`)
      : new Option(`${flagName(key)} <${placeholder}>`, `${text}${described(standard, inner)}${from}`).argParser(
          inner instanceof z.ZodString || inner instanceof z.ZodEnum ? (value) => value : number,
        );
  return group ? made.helpGroup(`${group}:`) : made;
}

/** The flag that undoes a boolean's, or that chooses 'none'. */
function opposite(key: string, { negate }: Option, schema: z.ZodType): string | undefined {
  if (schema instanceof z.ZodBoolean) return flagName(negate ? key : `no-${key}`);
  return schema instanceof z.ZodEnum && schema.options.includes('none') ? flagName(`no-${key}`) : undefined;
}

/** A number where the text is one, else the text, for the schema to refuse. Takes 1e6 and 1_000_000 too. */
function number(text: string): number | string {
  const value = Number(text.replace(/(?<=\d)_(?=\d)/g, ''));
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

/** " (default 8, 1 to 1024)", as far as there is anything to say. */
function described(standard: unknown, schema: z.ZodType): string {
  const parts = [standard === undefined ? '' : `default ${String(standard as string | number)}`, range(schema)].filter(
    Boolean,
  );
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}
