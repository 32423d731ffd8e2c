import { grouped } from '../text/words.ts';

/** A setting's name in words: learningRate is "learning rate". */
export function nameInWords(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Each setting in words: "learning rate 0.01", "no communication". */
export function settingWords(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings).map(([key, value]) => {
    const name = nameInWords(key);
    if (typeof value === 'boolean') return value ? name : `no ${name}`;
    return `${name} ${typeof value === 'number' && value >= 1000 ? grouped(value) : String(value)}`;
  });
}
