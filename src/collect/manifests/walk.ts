/** Which files to read below the paths that the user named, in an order that does not depend on the disk. */
import { type Dirent, type Stats, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { CastellanError } from '../../lib/errors.ts';
import type { Gap } from '../../snapshot/index.ts';

export interface Walk {
  /** Files with manifests, perhaps. */
  files: string[];
  /** Folders with a Chart.yaml; what is below `templates` is left to Helm. */
  charts: string[];
  /** Folders with a kustomization. */
  kustomizations: string[];
  gaps: Gap[];
}

const MANIFEST = /\.(?:ya?ml|json)$/i;
const KUSTOMIZATION = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);
const SKIPPED_FOLDERS = new Set(['.git', 'node_modules', '.terraform', '.venv', '__pycache__']);

/** Folders of charts at or below the paths. */
export function chartsIn(paths: readonly string[]): readonly string[] {
  return walk(paths).charts;
}

/** A file that the user names is read whatever its ending; below a folder only YAML and JSON are. */
export function walk(paths: readonly string[]): Walk {
  const found: Walk = { files: [], charts: [], kustomizations: [], gaps: [] };
  for (const path of new Set(paths)) {
    if (path === '-') {
      found.files.push('-');
      continue;
    }
    const stats = statNamed(path);
    if (stats.isDirectory()) new FolderWalk(path, found).run();
    else found.files.push(path);
  }
  if (paths.length > 1) found.files = withoutRepeats(found.files);
  return found;
}

/** A file that is named and also lies in a folder that is named is read once. */
function withoutRepeats(files: readonly string[]): string[] {
  const seen = new Set<string>();
  return files.filter((file) => {
    const place = file === '-' ? file : resolve(file);
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

function statNamed(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw new CastellanError('CAS_UNREADABLE', `${path} may not be read`, { cause: error });
    if (code === 'ELOOP')
      throw new CastellanError('CAS_UNREADABLE', `${path} is a symbolic link that leads back to itself`, { cause: error });
    throw new CastellanError('CAS_NOT_FOUND', `there is no file or folder "${path}"`, { cause: error });
  }
}

class FolderWalk {
  readonly #root: string;
  readonly #realRoot: string;
  readonly #found: Walk;
  readonly #visited = new Set<string>();
  /** Real paths of the files that were found as they are, and of those that only links led to, by the path of the link. */
  readonly #real = new Set<string>();
  readonly #linked = new Map<string, string>();

  constructor(root: string, found: Walk) {
    this.#root = root;
    this.#realRoot = realpathSync(root);
    this.#found = found;
  }

  run(): void {
    const before = this.#found.files.length;
    this.#folder(this.#root, false);
    if (this.#linked.size === 0) return;
    const files = this.#found.files.splice(before);
    for (const file of files) if (!this.#isRepeat(file)) this.#found.files.push(file);
  }

  /** A link to a file that is read anyway: its objects would be judged twice. */
  #isRepeat(file: string): boolean {
    const real = this.#linked.get(file);
    if (real === undefined) return false;
    if (this.#real.has(real)) return true;
    this.#real.add(real);
    return false;
  }

  #folder(folder: string, inTemplates: boolean): void {
    let entries: Dirent[];
    let real: string;
    try {
      real = realpathSync(folder);
      if (this.#visited.has(real)) return;
      this.#visited.add(real);
      entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      this.#gap(folder, 'unreadable', `the folder could not be read (${codeOf(error)})`);
      return;
    }
    const isChart = entries.some(({ name }) => name === 'Chart.yaml');
    if (isChart) this.#found.charts.push(folder);
    if (entries.some(({ name }) => KUSTOMIZATION.has(name))) this.#found.kustomizations.push(folder);
    const place = { prefix: prefixOf(folder), realPrefix: prefixOf(real) };
    for (const entry of entries) this.#entry(entry, place, inTemplates || (isChart && entry.name === 'templates'));
  }

  #entry(entry: Dirent, { prefix, realPrefix }: { prefix: string; realPrefix: string }, inTemplates: boolean): void {
    const { name } = entry;
    const path = prefix + name;
    let stats: Dirent | Stats = entry;
    let target: string | undefined;
    try {
      if (entry.isSymbolicLink()) {
        target = realpathSync(path);
        if (!this.#isInside(path, target)) return;
        stats = statSync(path);
      }
    } catch (error) {
      const loop = codeOf(error) === 'ELOOP';
      if (loop || MANIFEST.test(name))
        this.#gap(
          path,
          loop ? 'symlink-loop' : 'unreadable',
          loop ? 'the symbolic link leads back to itself' : `it could not be read (${codeOf(error)})`,
        );
      return;
    }
    if (stats.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(name)) this.#folder(path, inTemplates);
    } else if (stats.isFile() && MANIFEST.test(name) && !inTemplates && !KUSTOMIZATION.has(name) && name !== 'Chart.yaml') {
      this.#found.files.push(path);
      if (target === undefined) this.#real.add(realPrefix + name);
      else this.#linked.set(path, target);
    }
  }

  /** What is scanned may be hostile: a link must not make us read a file that the user did not name. */
  #isInside(path: string, real: string): boolean {
    const inside = real === this.#realRoot || real.startsWith(this.#realRoot + sep);
    if (!inside) this.#gap(path, 'unreadable', 'the symbolic link leads out of the scanned folder');
    return inside;
  }

  #gap(scope: string, code: Gap['code'], reason: string): void {
    this.#found.gaps.push({ scope, code, reason, effect: 'what it holds was not judged' });
  }
}

/** What to put before the name of an entry: joined once a folder and not for each file. */
function prefixOf(folder: string): string {
  return join(folder, 'x').slice(0, -1);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'error';
}
