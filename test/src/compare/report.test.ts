import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import type { Block } from '../../../src/compare/report/blocks.ts';
import { html } from '../../../src/compare/report/html.ts';
import { markdown } from '../../../src/compare/report/markdown.ts';

const sly = '<script>alert(1)</script> a|b & c';
const blocks: Block[] = [
  { kind: 'heading', text: sly },
  { kind: 'text', text: sly, strong: true },
  { kind: 'list', items: [sly] },
  {
    kind: 'table',
    rows: [
      ['arm', sly],
      [sly, '1'],
    ],
    words: [0],
  },
  { kind: 'picture', name: 'curves', text: sly, svg: '<svg xmlns="http://www.w3.org/2000/svg"></svg>' },
];

test('names from runs are text in a page, never a part of it', () => {
  const { document } = parseHTML(html(sly, blocks));
  assert.equal(document.querySelector('script'), null);
  const texts = ['title', 'h1', 'h2', 'p.strong', 'li', 'th:last-child', 'td.words', 'figcaption'];
  for (const place of texts) assert.equal(document.querySelector(place)?.textContent, sly, place);
  assert.equal(document.querySelectorAll('figure > svg').length, 1);
});

test('Markdown shows the pictures beside it, and text as it is: nothing of a name is a mark or a tag', () => {
  const text = markdown('Title', blocks, 'pictures');
  assert.ok(text.startsWith('# Title\n\n## '));
  assert.doesNotMatch(text, /[^\\]<script>/);
  const marks = markdown('T', [{ kind: 'list', items: ['a_b _c_ *d* `e` [f](g) [1.0, 2.0]; \\'] }], 'p');
  assert.ok(marks.includes('- a_b \\_c\\_ \\*d\\* \\`e\\` [f\\](g) [1.0, 2.0]; \\\\\n'), marks);
  assert.ok(text.includes('](pictures/curves.svg)'));
  assert.ok(text.includes('| \\<script>alert(1)\\</script> a\\|b & c | 1 |'));
});
