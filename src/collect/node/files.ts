/** What is looked at on the disk of a node: each path once, with what is there or that nothing is. */
import { absolutePath } from '../../lib/absolute-path.ts';
import type { CertificateFact, FileFact, Gap } from '../../snapshot/index.ts';
import type { Accounts } from './accounts.ts';
import { certificatesIn, hasKey } from './certificates.ts';
import { HostRoot, type Located, type Trouble } from './host-root.ts';
import { certificatesOfKubeconfig } from './kubeconfig.ts';
import { isOfComponents } from './of-components.ts';
import { redactConfig, redactText } from './redact-config.ts';

/** How much of a file is wanted beside who may read it. */
export type Want = 'stat' | 'config' | 'kubeconfig' | 'text' | 'certificates';

const LARGEST = 4 << 20;
const MOST_IN_FOLDER = 2000;
const MOST_FILES = 20_000;
const DEEPEST = 6;

export class NodeFiles {
  readonly #root: HostRoot;
  readonly #rootPath: string;
  readonly #accounts: Accounts;
  readonly #files = new Map<string, FileFact>();
  readonly #wants = new Map<string, Set<Want>>();
  readonly #absent = new Set<string>();
  readonly #certificates = new Map<string, CertificateFact>();
  readonly gaps: Gap[] = [];

  constructor(rootPath: string, root: HostRoot, accounts: Accounts) {
    this.#rootPath = rootPath;
    this.#root = root;
    this.#accounts = accounts;
  }

  /**
   * Looks at a path. With a pid as that process sees it where the node has nothing there. A process in a pod may write
   * anything into its arguments: for it only what it sees itself counts, which is the node's file where that is mounted.
   */
  add(path: string, want: Want, { namedBy, pid, inPod, isListed }: Named): FileFact | undefined {
    const place = absolutePath(path);
    if (place === undefined) return undefined;
    const own = this.#root.locate(place);
    if (inPod === true && pid !== undefined) {
      const view = new HostRoot(`${this.#rootPath}/proc/${pid}/root`);
      const seen = view.locate(place);
      if (typeof seen !== 'string') {
        if (typeof own !== 'string' && isSame(own, seen)) return this.#note({ place, located: own, root: this.#root, namedBy }, want);
        return this.#note({ place, located: seen, root: view, namedBy, pid }, want);
      }
      if (seen !== 'absent') this.#trouble(place, seen);
      return undefined;
    }
    if (own === 'absent' && pid !== undefined) {
      const view = new HostRoot(`${this.#rootPath}/proc/${pid}/root`);
      const seen = view.locate(place);
      if (typeof seen !== 'string') return this.#note({ place, located: seen, root: view, namedBy, pid }, want);
    }
    if (typeof own !== 'string')
      return this.#note({ place, located: own, root: this.#root, namedBy, ...(isListed === true && { isListed }) }, want);
    if (own === 'absent') this.#absent.add(place);
    else this.#trouble(place, own);
    return undefined;
  }

  /** A folder and all that is in it; `wantOf` says how much of a file is wanted, by its path. */
  tree(path: string, wantOf: (path: string) => Want, { namedBy, depth }: { namedBy: string; depth?: number }): void {
    this.#below(path, wantOf, { namedBy, depth: depth ?? DEEPEST, isWhole: depth === undefined });
  }

  #below(path: string, wantOf: (path: string) => Want, { namedBy, depth, isWhole }: Walk): void {
    const folder = this.add(path, 'stat', { namedBy });
    if (folder?.type !== 'directory' || folder.pid !== undefined) return;
    if (depth === 0) {
      if (isWhole) this.#gap(folder.path, 'too-large', `the folders are more than ${DEEPEST} deep`, 'what lies in it was not looked at');
      return;
    }
    const listed = this.#root.list(folder.path, MOST_IN_FOLDER);
    if (typeof listed === 'string') {
      this.#trouble(folder.path, listed);
      return;
    }
    if (listed.more) this.#gap(folder.path, 'too-large', `the folder has more than ${MOST_IN_FOLDER} files`, 'the rest was not looked at');
    for (const name of listed.names) {
      const below = `${folder.path === '/' ? '' : folder.path}/${name}`;
      if (this.#files.size >= MOST_FILES) return;
      const entry = this.add(below, wantOf(below), { namedBy, isListed: true });
      // What a link leads to is looked at under its own name, if at all.
      if (entry?.type === 'directory' && entry.target === undefined) this.#below(below, wantOf, { namedBy, depth: depth - 1, isWhole });
    }
  }

  /** The text of a file that was looked at, as it may leave the node. */
  textOf(path: string): string | undefined {
    const place = absolutePath(path);
    return place === undefined ? undefined : (this.#files.get(place)?.text ?? this.#seenByProcess(place));
  }

  end(): { files: FileFact[]; absent: string[]; certificates: CertificateFact[] } {
    return {
      files: [...this.#files.values()].toSorted(byPath),
      absent: [...this.#absent].toSorted(),
      certificates: [...this.#certificates.values()].toSorted((a, b) => byPath(a, b) || compare(a.part ?? '', b.part ?? '')),
    };
  }

  #seenByProcess(place: string): string | undefined {
    return [...this.#files.values()].find(({ path, text }) => path === place && text !== undefined)?.text;
  }

  #note(seen: Seen, want: Want): FileFact {
    const key = seen.pid === undefined ? seen.place : `${seen.place}\n${seen.pid}`;
    let fact = this.#files.get(key);
    if (fact === undefined) this.#files.set(key, (fact = this.#factOf(seen)));
    let wants = this.#wants.get(key);
    if (wants === undefined) this.#wants.set(key, (wants = new Set()));
    if (!wants.has(want)) {
      wants.add(want);
      if (want !== 'stat' && fact.type === 'file') this.#read(fact, seen, want);
      // What merely lies in a folder is passed over by who reads that folder.
      else if (want !== 'stat' && seen.isListed !== true)
        this.#gap(seen.place, 'unreadable', `it is ${A_TYPE[fact.type]} and no plain file`, 'what it is to say is unknown');
    }
    return fact;
  }

  #factOf({ place, located, namedBy, pid }: Seen): FileFact {
    const { stats, target } = located;
    const owner = this.#accounts.user(stats.uid);
    const group = this.#accounts.group(stats.gid);
    return {
      path: place,
      ...(pid !== undefined && { pid }),
      ...(target !== place && { target }),
      type: typeOf(located),
      mode: (stats.mode & 0o7777).toString(8),
      uid: stats.uid,
      gid: stats.gid,
      ...(owner !== undefined && { owner }),
      ...(group !== undefined && { group }),
      size: stats.size,
      namedBy,
    };
  }

  #read(fact: FileFact, { place, root, namedBy }: Seen, want: Exclude<Want, 'stat'>): void {
    const bytes = root.read(place, LARGEST);
    if (typeof bytes === 'string') {
      this.#trouble(place, bytes);
      return;
    }
    const text = bytes.toString('utf8');
    if (want === 'certificates') {
      if (hasKey(text)) fact.holdsKey = true;
      this.#keep(certificatesIn(text, place), place);
      return;
    }
    if (want === 'kubeconfig') this.#keep(certificatesOfKubeconfig(text, place), place);
    if (text.includes('\0')) {
      this.#gap(place, 'binary', 'it is no text', 'its settings are unknown');
      return;
    }
    // Anybody may start a program of the name of a component and tell it of any file.
    if (want !== 'text' && namedBy !== 'known place' && !isOfComponents(text)) {
      this.#gap(place, 'secret-values', 'it is none of the documents that components read, so it was left out', 'its settings are unknown');
      return;
    }
    const left = want === 'text' ? redactText(place, text) : redactConfig(place, text);
    if (left === undefined)
      this.#gap(place, 'secret-values', 'its secrets cannot be told from the rest, so it was left out', 'its settings are unknown');
    else fact.text = left;
  }

  #keep({ found, broken }: ReturnType<typeof certificatesIn>, place: string): void {
    for (const certificate of found) this.#certificates.set(`${place}\n${certificate.part ?? ''}`, certificate);
    if (broken > 0) this.#gap(place, 'unreadable', `${broken} of its certificates cannot be parsed`, 'nothing is known of them');
  }

  #trouble(place: string, trouble: Exclude<Trouble, 'absent'> | Trouble): void {
    const [code, reason] = TROUBLE[trouble];
    this.#gap(place, code, reason, 'what it holds and who may read it is unknown');
  }

  // oxlint-disable-next-line max-params -- the four parts of one gap
  #gap(scope: string, code: Gap['code'], reason: string, effect: string): void {
    if (!this.gaps.some((gap) => gap.scope === scope && gap.code === code)) this.gaps.push({ scope, code, reason, effect });
  }
}

function isSame({ stats: a }: Located, { stats: b }: Located): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

interface Walk {
  namedBy: string;
  depth: number;
  /** Whether all that is below was asked for, so that an end for its depth is a gap. */
  isWhole: boolean;
}

interface Named {
  namedBy: string;
  pid?: number;
  inPod?: boolean;
  /** Found in a folder, and not named by anybody. */
  isListed?: boolean;
}

interface Seen {
  place: string;
  located: Located;
  root: HostRoot;
  namedBy: string;
  pid?: number;
  isListed?: boolean;
}

const A_TYPE: Readonly<Record<FileFact['type'], string>> = {
  file: 'a file',
  directory: 'a folder',
  socket: 'a socket',
  fifo: 'a pipe',
  device: 'a device',
};

const TROUBLE: Readonly<Record<Trouble, [Gap['code'], string]>> = {
  absent: ['unreadable', 'it is gone'],
  denied: ['forbidden', 'it may not be read'],
  loop: ['symlink-loop', 'its symbolic links lead in a circle'],
  'too-large': ['too-large', `it is larger than ${LARGEST >> 20} MiB`],
  'no-file': ['unreadable', 'it is no plain file'],
  failed: ['unreadable', 'the disk gave an error'],
};

function typeOf({ stats }: Located): FileFact['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSocket()) return 'socket';
  return stats.isFIFO() ? 'fifo' : 'device';
}

function byPath(a: { path: string; pid?: number }, b: { path: string; pid?: number }): number {
  return compare(a.path, b.path) || (a.pid ?? 0) - (b.pid ?? 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
