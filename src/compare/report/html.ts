import { escaped } from '../../text/words.ts';
import type { Block } from './blocks.ts';

const style = `
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: white }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.2rem }
.strong { font-size: 1.15rem; border-left: 4px solid #0072b2; padding: .4rem 0 .4rem .9rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .7rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap }
th.words, td.words { text-align: left }
figure { margin: 1rem 0 } figcaption { font-size: .85rem; color: #555 } svg { max-width: 100%; height: auto }
`;

/** A report as one file of HTML, pictures inside. It asks for nothing from anywhere, and the browser is told so. */
export function html(title: string, blocks: readonly Block[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<h1>${escaped(title)}</h1>`,
    ...blocks.map(blockHtml),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escaped(block.text)}</h2>`;
    case 'text':
      return `<p${block.strong ? ' class="strong"' : ''}>${escaped(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'table':
      return table(block);
    case 'picture':
      return `<figure>${block.svg}<figcaption>${escaped(block.text)}</figcaption></figure>`;
  }
}

function table({ rows: [header = [], ...rows], words }: Extract<Block, { kind: 'table' }>): string {
  const line = (cells: readonly string[], tag: 'th' | 'td'): string => {
    const all = cells.map((cell, i) => `<${tag}${words.includes(i) ? ' class="words"' : ''}>${escaped(cell)}</${tag}>`);
    return `<tr>${all.join('')}</tr>`;
  };
  const body = rows.map((cells) => line(cells, 'td')).join('\n');
  return `<div class="wide"><table><thead>${line(header, 'th')}</thead><tbody>\n${body}\n</tbody></table></div>`;
}
