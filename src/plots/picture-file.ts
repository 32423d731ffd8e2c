import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import { UserError } from '../errors.ts';
import { makeFolder, replaceFile } from '../runs/disk.ts';

const require = createRequire(import.meta.url);
const fonts = ['DejaVuSans', 'DejaVuSans-Bold', 'DejaVuSansMono', 'DejaVuSansMono-Bold'];

const pictureTypes = ['.svg', '.png'] as const;

/**
 * Writes a picture as the file's name says, .svg or .png (twice as many pixels, for sharp screens), in a folder that is
 * made if it is not there.
 * @throws UserError for another ending, or if the file cannot be written
 */
export async function writePicture(path: string, svg: string): Promise<void> {
  checkPictureType(path);
  makeFolder(dirname(path));
  replaceFile(path, [extname(path) === '.svg' ? svg : await png(svg)]);
}

/** @throws UserError if the file's name does not end in a known type of picture */
export function checkPictureType(path: string): void {
  const type = extname(path);
  if (!pictureTypes.some((known) => known === type))
    throw new UserError(`--out ${path} is no known type of picture; end the name in ${pictureTypes.join(' or ')}`);
}

/** A picture as pixels: (height, width, 4) bytes, RGBA. */
export async function pixelsOf(svg: string): Promise<Uint8Array> {
  return (await rendered(svg, 1)).pixels;
}

async function png(svg: string): Promise<Uint8Array> {
  return (await rendered(svg, 2)).asPng();
}

/** The renderer is loaded when first needed. It leaves out text, without a word, whose font it was not given. */
async function rendered(svg: string, zoom: number) {
  const { Resvg } = await import('@resvg/resvg-js');
  const fontFiles = fonts.map((name) => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
  const options = {
    fitTo: { mode: 'zoom', value: zoom },
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
  } as const;
  return new Resvg(svg, options).render();
}
