import { markdownTable } from '../../plots/text-table.ts';
import type { Block } from './blocks.ts';

/**
 * A report as Markdown.
 * @param pictures the folder where its pictures lie, relative to it
 */
export function markdown(title: string, blocks: readonly Block[], pictures: string): string {
  return `${[`# ${title}`, ...blocks.map((block) => blockText(block, pictures))].join('\n\n')}\n`;
}

function blockText(block: Block, pictures: string): string {
  switch (block.kind) {
    case 'heading':
      return `## ${block.text}`;
    case 'text':
      return block.strong ? `**${block.text}**` : block.text;
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n');
    case 'table':
      return markdownTable(block.rows, block.words);
    case 'picture':
      return `![${block.text}](${pictures}/${block.name}.svg)`;
  }
}
