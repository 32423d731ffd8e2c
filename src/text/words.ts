/** 1234567 as "1,234,567". */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** 0, 500, 20k, 1.5M */
export function shortNumber(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : `${value}`;
}

/** Bytes as "823 kB" or "12.3 MB", in powers of ten. */
export function bytes(count: number): string {
  return count < 1e6 ? `${Math.ceil(count / 1e3)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

/** Seconds as "5 s", "3 m 05 s" or "2 h 07 m". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => `${Math.floor(value)}`.padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${two(whole % 60)} s`;
  return `${grouped(Math.floor(whole / 3600))} h ${two((whole % 3600) / 60)} m`;
}

/** A score with as many digits as it deserves: 1234, 56.7, 1.52; a dash where there is none yet. */
export function score(value: number | null): string {
  if (value === null) return '–';
  const size = Math.abs(value);
  return size >= 1000 ? grouped(value) : value.toFixed(size >= 10 ? 1 : 2);
}

/** The title of a run by its options, such as "Breakout · rim · seed 1". */
export function runTitle({ game, core, seed }: Readonly<Record<string, unknown>>): string {
  return `${String(game)} · ${String(core)} · seed ${String(seed)}`;
}

/** Text as it must stand in SVG. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A path as it must be typed in a shell. */
export function quoted(path: string): string {
  return /^[\w./@:+,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
