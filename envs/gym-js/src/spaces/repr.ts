// How Python and NumPy print what a space's description holds.
import { type Dtype, isFloat } from './dtype.ts';

/** numpy's print options: digits after the point, columns, from how many elements on to shorten and what then stays. */
const precision = 8;
const lineWidth = 75;
const threshold = 1000;
const edgeItems = 3;

export function pythonTuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`;
}

export function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}

/** A number as `str` of a NumPy scalar. */
export function scalarText(value: number, dtype: Dtype): string {
  if (!isFloat(dtype)) return `${value}`;
  if (!Number.isFinite(value)) return infinity(value);
  const text = shortest(value, dtype);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= (dtype === 'float32' ? 1e6 : 1e16))) {
    return Number(text)
      .toExponential()
      .replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return text.includes('.') ? text : `${text}.0`;
}

/** An array (flat, in C order) as `str` of a NumPy array: nested brackets, columns, three dots in large ones. */
export function arrayText(values: ArrayLike<number>, shape: readonly number[], dtype: Dtype): string {
  if (values.length === 0) return '[]';
  const shortened = values.length > threshold;
  const shown = (extent: number): (number | null)[] => {
    const all = Array.from({ length: extent }, (_, i) => i);
    return shortened && extent > 2 * edgeItems ? [...all.slice(0, edgeItems), null, ...all.slice(-edgeItems)] : all;
  };
  const kept: number[] = [];
  const keep = (axis: number, offset: number): void => {
    const extent = shape[axis];
    if (extent === undefined) kept.push(values[offset] as number);
    else for (const i of shown(extent)) if (i !== null) keep(axis + 1, offset * extent + i);
  };
  keep(0, 0);
  const format = isFloat(dtype) ? floatFormat(kept, dtype) : integerFormat(kept);
  const nested = (axis: number, offset: number, indent: string, width: number): string => {
    const extent = shape[axis];
    if (extent === undefined) return format(values[offset] as number);
    const last = axis === shape.length - 1;
    const parts = shown(extent).map((i) =>
      i === null ? '...' : nested(axis + 1, offset * extent + i, `${indent} `, width - 1),
    );
    const body = last ? wrapped(parts, indent, width - 1) : parts.join('\n'.repeat(shape.length - axis - 1) + indent);
    return `[${body}]`;
  };
  return nested(0, 0, ' ', lineWidth);
}

/** Words side by side, in lines no wider than `width`. */
function wrapped(words: readonly string[], indent: string, width: number): string {
  let text = '';
  let line = indent;
  for (const word of words) {
    if (line.length + word.length > width && line.length > indent.length) {
      text += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += `${word} `;
  }
  return (text + line.slice(0, -1)).slice(indent.length);
}

function integerFormat(values: readonly number[]): (value: number) => string {
  const width = Math.max(...values.map((value) => `${value}`.length));
  return (value) => `${value}`.padStart(width);
}

/** All numbers with their points below each other; with exponents where sizes differ much or are extreme. */
function floatFormat(values: readonly number[], dtype: Dtype): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const sizes = finite.map(Math.abs).filter((size) => size !== 0);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const scientific =
    sizes.length > 0 && (most >= (dtype === 'float32' ? 1e6 : 1e8) || least < 1e-4 || most / least > 1000);
  const parts = (text: string): [whole: string, fraction: string, exponent: string] => {
    const [digits = '', exponent = ''] = text.split('e');
    const [whole = '', fraction = ''] = digits.split('.');
    return [whole, fraction, exponent];
  };
  const short = scientific ? exponential : positional;
  const all = finite.map((value) => parts(short(value, dtype)));
  const longest = (part: 0 | 1 | 2): number => Math.max(0, ...all.map((texts) => texts[part].length));
  const [fractionWidth, exponentWidth] = [longest(1), longest(2)];
  const right = fractionWidth + (scientific ? exponentWidth + 1 : 0);
  const others = values.filter((value) => !Number.isFinite(value)).map((value) => infinity(value).length - right - 1);
  const left = Math.max(longest(0), ...others);
  return (value) => {
    if (!Number.isFinite(value)) return infinity(value).padStart(left + right + 1);
    // With exponents shorter numbers get more of their own digits, without them blanks.
    const [whole, fraction, exponent] = parts(scientific ? value.toExponential(fractionWidth) : short(value, dtype));
    if (!scientific) return `${whole.padStart(left)}.${fraction.padEnd(fractionWidth)}`;
    return `${whole.padStart(left)}.${fraction}e${exponent[0]}${exponent.slice(1).padStart(exponentWidth - 1, '0')}`;
  };
}

/** Shortest digits that give the number back in its type, rounded to `precision` after the point, without end zeros. */
function positional(value: number, dtype: Dtype): string {
  const text = shortest(value, dtype);
  const fraction = text.split('.')[1] ?? '';
  if (!text.includes('e') && fraction.length <= precision) return text;
  return value.toFixed(precision).replace(/\.?0+$/, '');
}

function exponential(value: number, dtype: Dtype): string {
  const text = Number(shortest(value, dtype)).toExponential();
  const digits = text.split('e')[0]?.split('.')[1] ?? '';
  const rounded = digits.length <= precision ? text : value.toExponential(precision).replace(/\.?0+e/, 'e');
  return rounded.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** As JavaScript prints the shortest decimal that is this number in its type. */
function shortest(value: number, dtype: Dtype): string {
  if (dtype === 'float32') {
    for (let digits = 1; digits <= 9; digits++) {
      const text = value.toPrecision(digits);
      if (Math.fround(Number(text)) === value) return `${Number(text)}`;
    }
  }
  return `${value}`;
}

function infinity(value: number): string {
  return value > 0 ? 'inf' : value < 0 ? '-inf' : 'nan';
}
