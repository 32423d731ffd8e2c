// Colours that are told apart with any colour vision (Okabe and Ito 2008), light enough
// for dark ground and dark enough for white.
const palette = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#999999', '#b5a900'] as const;

/** The colour of module or run number `index`. */
export function color(index: number): string {
  return palette[index % palette.length] as string;
}
