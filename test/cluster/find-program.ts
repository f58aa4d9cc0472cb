/** Programs of the machine. */
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Its path, or undefined when it is not installed. Root's folders count even where a shell of root leaves them out. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const INTERPRETER = 3;

/** Does an ELF program of 64 bits run without a loader of libraries? */
export function isStatic(path: string): boolean {
  const file = readFileSync(path);
  const [table, size, count] = [Number(file.readBigUInt64LE(32)), file.readUInt16LE(54), file.readUInt16LE(56)];
  const types = Array.from({ length: count }, (_, index) => file.readUInt32LE(table + index * size));
  return !types.includes(INTERPRETER);
}
