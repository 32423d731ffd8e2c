import { z } from 'zod';

/** The schema inside defaults, options and what is done to a value first. */
export function innerSchema(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPipe) return innerSchema(schema.def.out as z.ZodType);
  return schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
    ? innerSchema(schema.unwrap() as z.ZodType)
    : schema;
}

/** What a setting may be, in words: "a whole number, 1 to 1024". @param schema an {@link innerSchema} */
export function allowed(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodUnion)
    return `one of ${placeholderOf(schema).replaceAll('|', ', ')}`;
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (!(schema instanceof z.ZodNumber)) return 'a name';
  const kind = isWhole(schema) ? 'a whole number' : 'a number';
  return [kind, range(schema)].filter(Boolean).join(', ');
}

/** "1 to 1024", "above 0"; empty for what is no number. @param schema an {@link innerSchema} */
export function range(schema: z.ZodType): string {
  if (!(schema instanceof z.ZodNumber)) return '';
  const { minimum, exclusiveMinimum, maximum } = z.toJSONSchema(schema);
  if (exclusiveMinimum !== undefined) return `above ${exclusiveMinimum}`;
  return maximum === undefined ? `from ${minimum}` : `${minimum} to ${maximum}`;
}

/** What stands for a value in `--help`: its choices, or a letter. @param schema an {@link innerSchema} */
export function placeholderOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.join('|');
  if (schema instanceof z.ZodUnion) return schema.options.map((choice) => (choice as z.ZodLiteral).value).join('|');
  if (schema instanceof z.ZodString) return 'name';
  return isWhole(schema) ? 'n' : 'x';
}

function isWhole(schema: z.ZodType): boolean {
  return schema instanceof z.ZodNumber && schema.format === 'safeint';
}
