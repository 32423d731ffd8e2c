import * as Plot from '@observablehq/plot';
import { color } from '../view/palette.ts';
import type { AddingSample, CopyingSample, LanguageSample } from '../tasks/samples.ts';
import { Sheet } from './sheet.ts';
import { modulePieces, moduleRows, type Piece, pieces, timeline } from './timeline.ts';

/** Pixels of a row, and of the axis below. */
const heights = { row: 17, axis: 40, numbers: 110, words: 90 };
const [blank, marker] = [0, 9];
/** Steps that are shown with their symbols: those that are read, and those in which they are said. */
const [firstSteps, lastSteps] = [14, 14];
/** Words that are shown. */
const firstWords = 48;

/** Modules over a sequence of copying, above what was read, wanted and said; then its two ends, large. As SVG. */
export function copyingPicture({ inputs, targets, outputs, active }: CopyingSample, name: string): string {
  const words = { read: inputs, wanted: targets, said: outputs };
  const rows = [...moduleRows(active), ...Object.keys(words)];
  const symbols = Object.entries(words).flatMap(([row, tokens]) =>
    tokens.map((token, step) => symbol(row, token, step)),
  );
  const bare = Object.entries(words).flatMap(([row, tokens]) => pieces(row, tokens.map(symbolColor)));
  const modules = modulePieces(active);
  const height = rows.length * heights.row + heights.axis;
  const steps = inputs.length;
  const sheet = new Sheet();
  sheet.title('Copying: modules, dark where active, over the symbols');
  sheet.note(name);
  sheet.charts([{ options: timeline(rows, [...modules, ...bare], [0, steps]) }], height);
  sheet.charts(
    [
      { name: 'the symbols', options: timeline(rows, [...modules, ...symbols], [0, Math.min(firstSteps, steps)]) },
      {
        name: 'the answer',
        options: timeline(rows, [...modules, ...symbols], [Math.max(0, steps - lastSteps), steps]),
      },
    ],
    height,
  );
  return sheet.toSvg();
}

function symbol(row: string, token: number, step: number): Piece {
  const text = token === blank ? {} : { text: token === marker ? '?' : `${token}` };
  return { row, from: step, to: step + 1, fill: symbolColor(token), ...text };
}

function symbolColor(token: number): string {
  if (token === blank) return '#f6f6f6';
  return token === marker ? '#333333' : color(token - 1);
}

/** Modules over a sequence of adding, above its numbers, of which the two to be added stand out. As SVG. */
export function addingPicture({ inputs, target, output, active }: AddingSample, name: string): string {
  const rows = moduleRows(active);
  const numbers = inputs.map(([value, first, second], step) => ({
    ...{ x: step + 0.5, value, isMarked: first + second > 0 },
  }));
  const marked = numbers.filter(({ isMarked }) => isMarked);
  const sheet = new Sheet();
  sheet.title('Adding: modules, dark where active, over the numbers');
  sheet.note(`${name}; the sum is ${target.toFixed(3)}, said was ${output.toFixed(3)}`);
  sheet.charts(
    [{ options: timeline(rows, modulePieces(active), [0, inputs.length]) }],
    rows.length * heights.row + heights.axis,
  );
  sheet.charts(
    [
      {
        options: {
          ...{ marginLeft: 74, marginRight: 22, marginTop: 12, marginBottom: 34 },
          x: { domain: [0, inputs.length], label: 'step' },
          y: { domain: [0, 1], ticks: 3, label: null },
          marks: [
            Plot.ruleX(numbers, { x: 'x', y1: 0, y2: 'value', stroke: '#bbb' }),
            Plot.ruleX(marked, { x: 'x', y1: 0, y2: 'value', stroke: color(5), strokeWidth: 2 }),
            Plot.dot(marked, { x: 'x', y: 'value', fill: color(5), r: 3.5 }),
            Plot.text(marked, {
              ...{ x: 'x', y: 'value', dx: 6, textAnchor: 'start', fill: color(5) },
              text: ({ value }: { value: number }) => value.toFixed(3),
            }),
          ],
        },
      },
    ],
    heights.numbers,
  );
  return sheet.toSvg();
}

/** Modules over the first words of a text, above the words themselves; hardly foreseen ones stand out. As SVG. */
export function languagePicture({ inputs, probabilities, active }: LanguageSample, name: string): string {
  const count = Math.min(firstWords, inputs.length);
  const rows = moduleRows(active);
  const domain = [0, count] as const;
  // A word was foreseen by the step before it; the first one by none.
  const words = inputs
    .slice(0, count)
    .map((word, step) => ({ word, x: step + 0.5, foreseen: probabilities[step - 1] }));
  const sheet = new Sheet();
  sheet.title('Language model: modules, dark where active, over the words');
  sheet.note(`${name}; a word is orange if it was given a probability below 1 in 1,000`);
  const { x, ...options } = timeline(rows, modulePieces(active), domain);
  sheet.charts([{ options: { ...options, x: { ...x, axis: null }, marginBottom: 4 } }], rows.length * heights.row + 8);
  sheet.charts(
    [
      {
        options: {
          ...{ marginLeft: 74, marginRight: 22, marginTop: 0, marginBottom: 0 },
          x: { domain, axis: null },
          y: { domain: [0, 1], axis: null },
          marks: [
            Plot.text(words, {
              ...{ x: 'x', y: 1, text: 'word', rotate: -90, textAnchor: 'end', fontSize: 11 },
              fill: ({ foreseen }: { foreseen: number | undefined }) =>
                foreseen !== undefined && foreseen < 1e-3 ? color(5) : '#222',
            }),
          ],
        },
      },
    ],
    heights.words,
  );
  return sheet.toSvg();
}
