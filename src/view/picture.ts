import { barCharacters, type Line, type Span } from './blocks.ts';
import { color } from './palette.ts';
import { escaped } from '../text/words.ts';

/** Pixels: a character of DejaVu Sans Mono at this size is 0.602 of it wide. */
const fontSize = 14;
const characterWidth = fontSize * 0.602;
const lineHeight = 20;
const margin = 20;
const [ground, ink, faint] = ['#16191d', '#e6e6e6', '#8b949e'];

/** The view as a picture of a terminal, in SVG. @param columns width of the terminal in characters */
export function viewPicture(lines: readonly Line[], columns: number): string {
  const width = Math.ceil(columns * characterWidth + 2 * margin);
  const height = lines.length * lineHeight + 2 * margin;
  const content = lines.flatMap((line, row) => spans(line, margin + row * lineHeight));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="${fontSize}" xml:space="preserve">`,
    `<rect width="100%" height="100%" rx="8" fill="${ground}"/>\n${content.join('\n')}\n</svg>\n`,
  ].join('');
}

function spans(line: Line, y: number): string[] {
  let x = margin;
  return line.map((span) => {
    const element = drawn(span, x, y);
    x += span.text.length * characterWidth;
    return element;
  });
}

/** Bars are drawn as rectangles: fonts leave gaps between their characters. */
function drawn({ text, style }: Span, x: number, y: number): string {
  const width = (text.length * characterWidth).toFixed(1);
  if (text.trim() === '') return '';
  const left = x.toFixed(1);
  const bar = color(typeof style === 'number' ? style : 4);
  if (text.startsWith(barCharacters.full))
    return `<rect x="${left}" y="${y + 6}" width="${width}" height="9" fill="${bar}"/>`;
  if (text.startsWith(barCharacters.empty))
    return `<rect x="${left}" y="${y + 9}" width="${width}" height="3" fill="#3a4048"/>`;
  const fill = style === 'dim' ? faint : ink;
  const weight = style === 'bold' ? ' font-weight="bold"' : '';
  const leading = text.length - text.trimStart().length;
  const start = (x + leading * characterWidth).toFixed(1);
  return `<text x="${start}" y="${y + 15}" fill="${fill}"${weight}>${escaped(text.trim())}</text>`;
}
