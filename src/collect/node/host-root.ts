/**
 * The files of a node below the folder where its disk is mounted. Symbolic links are followed as the node would follow
 * them, so that none leads out of that folder; whatever is no plain file is never opened.
 */
import { type Stats, closeSync, constants, fstatSync, lstatSync, openSync, opendirSync, readSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export type Trouble = 'absent' | 'denied' | 'loop' | 'too-large' | 'no-file' | 'failed';

export interface Located {
  /** On the machine that collects. */
  readonly real: string;
  /** On the node, with all links followed. */
  readonly target: string;
  readonly stats: Stats;
}

const MOST_LINKS = 40;

export class HostRoot {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  locate(path: string): Located | Trouble {
    let links = 0;
    let done: string[] = [];
    const left = partsOf(path).toReversed();
    let stats: Stats;
    try {
      stats = lstatSync(this.#root === '' ? '/' : this.#root);
      for (let part = left.pop(); part !== undefined; part = left.pop()) {
        if (part === '..') {
          done.pop();
          stats = lstatSync(this.#real(done));
          continue;
        }
        done.push(part);
        stats = lstatSync(this.#real(done));
        if (!stats.isSymbolicLink()) continue;
        links += 1;
        if (links > MOST_LINKS) return 'loop';
        const target = readlinkSync(this.#real(done));
        done = target.startsWith('/') ? [] : done.slice(0, -1);
        left.push(...partsOf(target).toReversed());
      }
    } catch (error) {
      return troubleOf(error);
    }
    return { real: this.#real(done), target: `/${done.join('/')}`, stats };
  }

  /** The bytes of a plain file of at most `most`; of /proc, whose files say no size, up to that. */
  read(path: string, most: number): Buffer | Trouble {
    const located = this.locate(path);
    if (typeof located === 'string') return located;
    if (!located.stats.isFile()) return 'no-file';
    let descriptor: number | undefined;
    try {
      // It may have been exchanged since: nothing is waited for, and what is open is looked at once more.
      descriptor = openSync(located.real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      if (!fstatSync(descriptor).isFile()) return 'no-file';
      return readUpTo(descriptor, most) ?? 'too-large';
    } catch (error) {
      return troubleOf(error);
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  text(path: string, most: number): string | undefined {
    const bytes = this.read(path, most);
    return typeof bytes === 'string' ? undefined : bytes.toString('utf8');
  }

  /** Names in a folder, sorted; at most `most` of them. */
  list(path: string, most: number): { names: string[]; more: boolean } | Trouble {
    const located = this.locate(path);
    if (typeof located === 'string') return located;
    if (!located.stats.isDirectory()) return 'no-file';
    const names: string[] = [];
    try {
      const folder = opendirSync(located.real);
      try {
        for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
          if (names.length >= most) return { names: names.toSorted(), more: true };
          names.push(entry.name);
        }
      } finally {
        folder.closeSync();
      }
    } catch (error) {
      return troubleOf(error);
    }
    return { names: names.toSorted(), more: false };
  }

  /** Where a link says that it leads, without going there: `socket:[4711]`. */
  link(path: string): string | undefined {
    const cut = path.lastIndexOf('/');
    const folder = this.locate(path.slice(0, cut) || '/');
    if (typeof folder === 'string') return undefined;
    try {
      return readlinkSync(join(folder.real, path.slice(cut + 1)));
    } catch {
      return undefined;
    }
  }

  #real(parts: readonly string[]): string {
    return `${this.#root}/${parts.join('/')}`;
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function readUpTo(descriptor: number, most: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  let size = 0;
  while (size <= most) {
    const chunk = Buffer.allocUnsafe(64 << 10);
    const got = readSync(descriptor, chunk);
    if (got === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, got));
    size += got;
  }
  return undefined;
}

function troubleOf(error: unknown): Trouble {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESRCH') return 'absent';
  if (code === 'EACCES' || code === 'EPERM') return 'denied';
  return code === 'ELOOP' ? 'loop' : 'failed';
}
