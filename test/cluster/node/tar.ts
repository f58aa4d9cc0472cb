/** The little of a tar archive that an image needs; the same files make the same bytes. */

export interface Entry {
  path: string;
  mode?: number;
  content?: string | Uint8Array;
  /** Makes it a symbolic link. */
  target?: string;
  /** Makes it a folder. */
  folder?: boolean;
}

const BLOCK = 512;

export function tar(entries: readonly Entry[]): Buffer {
  const end = Buffer.alloc(2 * BLOCK);
  return Buffer.concat([...entries.flatMap(pack), end]);
}

function pack(entry: Entry): Buffer[] {
  const content = Buffer.from(entry.content ?? '');
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return [header(entry, content.length), content, padding];
}

function header({ path, mode, target, folder }: Entry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(folder === true ? `${path}/` : path, 0, 100);
  block.write(octal(mode ?? (folder === true ? 0o755 : 0o644), 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(kind(target, folder), 156);
  block.write(target ?? '', 157, 100);
  block.write('ustar\u000000', 257);
  // The sum is made as if its own field held spaces.
  block.write(' '.repeat(8), 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function kind(target: string | undefined, folder: boolean | undefined): string {
  if (target !== undefined) return '2';
  return folder === true ? '5' : '0';
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
