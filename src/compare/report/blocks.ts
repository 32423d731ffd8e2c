/** What a report is made of, from top to bottom; each form of it draws these. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  /** One that is `strong` says what matters most. */
  | { readonly kind: 'text'; readonly text: string; readonly strong?: boolean }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** The first row is the heading; columns of `words` are aligned to the left, figures to the right. */
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[]; readonly words: readonly number[] }
  /** `name` is that of its file; `text` says what is seen in it. */
  | { readonly kind: 'picture'; readonly name: string; readonly text: string; readonly svg: string };
