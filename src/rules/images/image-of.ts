/** What the image of a container is, read once for all rules about images. */
import { type ImageReference, type InvalidReference, isValid, parseImage } from '../../engines/image-ref/index.ts';
import type { Container } from '../../model/index.ts';

/** Most images of a cluster run in many containers, and every rule of this area asks. */
const READ = new Map<string, ImageReference | InvalidReference>();
const MOST_READ = 4096;
/** Longer texts are hardly images, and not worth keeping. */
const LONGEST_KEPT = 512;

/** The rules come one after another with the same container. */
let lastContainer: Container | undefined;
let lastImage: ImageReference | undefined;

/** The image of a container; undefined where none is named, or where no runtime could pull what is named. */
export function imageOf(container: Container): ImageReference | undefined {
  if (container !== lastContainer) {
    lastContainer = container;
    lastImage = read(container.spec.image ?? '');
  }
  return lastImage;
}

function read(text: string): ImageReference | undefined {
  let image = READ.get(text);
  if (image === undefined) {
    image = parseImage(text);
    if (READ.size >= MOST_READ) READ.clear();
    if (text.length <= LONGEST_KEPT) READ.set(text, image);
  }
  return isValid(image) ? image : undefined;
}

/** Tags that are moved to another image with each build or release. */
export const FLOATING_TAGS: readonly string[] = [
  'latest',
  'stable',
  'edge',
  'nightly',
  'main',
  'master',
  'trunk',
  'head',
  'canary',
  'rolling',
  'mainline',
  'dev',
  'devel',
  'develop',
  'snapshot',
  'unstable',
];

/** The floating tag that an image is pulled by (`latest` where it has none); undefined for fixed tags, digests and what is no image. */
export function floatingTag(image: string | undefined): string | undefined {
  const reference = parseImage(image ?? '');
  return isValid(reference) ? floatingTagOf(reference, FLOATING_TAGS) : undefined;
}

export function floatingTagOf({ tag = 'latest', digest }: ImageReference, floating: readonly string[]): string | undefined {
  if (digest !== undefined) return undefined;
  return floating.includes(tag) || tag.startsWith('latest-') || tag.endsWith('-latest') ? tag : undefined;
}
