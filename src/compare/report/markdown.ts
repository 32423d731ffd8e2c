import { markdownTable } from '../../text/markdown-table.ts';
import type { Block } from './blocks.ts';

/**
 * A report as Markdown.
 * @param pictures the folder where its pictures lie, relative to it
 */
export function markdown(title: string, blocks: readonly Block[], pictures: string): string {
  return `${[`# ${plain(title)}`, ...blocks.map((block) => blockText(block, pictures))].join('\n\n')}\n`;
}

function blockText(block: Block, pictures: string): string {
  switch (block.kind) {
    case 'heading':
      return `## ${plain(block.text)}`;
    case 'text':
      return block.strong ? `**${plain(block.text)}**` : plain(block.text);
    case 'list':
      return block.items.map((item) => `- ${plain(item)}`).join('\n');
    case 'table':
      return markdownTable(
        block.rows.map((cells) => cells.map(plain)),
        block.words,
      );
    case 'picture':
      return `![${plain(block.text)}](${pictures}/${block.name}.svg)`;
  }
}

/** Text in which nothing is Markdown or HTML: names and paths may hold any character. */
function plain(text: string): string {
  // An underscore within a word is none of Markdown's; brackets of intervals stay readable where no link can follow.
  return text.replaceAll(/[\\`*<]|(?<!\w)_|_(?!\w)|\](?=[([:])/g, (mark) => `\\${mark}`);
}
