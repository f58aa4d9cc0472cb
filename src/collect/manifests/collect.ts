/** Files and folders → Snapshot. */
import { CastellanError, messageOf } from '../../lib/errors.ts';
import { type Gap, LOSSES, type Snapshot, type SourceObject } from '../../snapshot/index.ts';
import { type Parsed, parseDocument } from './parse.ts';
import { type Rendered, renderCharts, renderKustomizations } from './render.ts';
import { type DocumentText, type Problem, documentsOf, split } from './text.ts';
import { parseTolerantly } from './tolerant.ts';
import { walk } from './walk.ts';

const PROBLEMS = {
  binary: { reason: 'it is no text', effect: 'it was not judged' },
  // Binary, and of another cluster perhaps: only what the user names is taken for the cluster that is judged.
  snapshot: { reason: 'it is a snapshot of a cluster', effect: 'it was not judged; it is when it is named by itself' },
  'too-large': { reason: 'a document of more than 64 MiB', effect: 'it was not judged' },
  encoding: { reason: 'it holds bytes that are no UTF-8', effect: 'they were replaced, the rest was judged' },
} as const;

export interface CollectOptions {
  kubernetesVersion?: string;
}

/** Reads everything below the paths; what cannot be read is a gap, never an error, unless the user named it. */
export async function collectManifests(
  paths: readonly string[],
  options: CollectOptions = {},
): Promise<Snapshot & { objects: SourceObject[] }> {
  const found = walk(paths);
  const reader = new Reader(found.gaps);
  const kustomized = await renderKustomizations(found.kustomizations);
  for (const file of found.files) {
    if (!kustomized.consumed.has(file)) await reader.file(file, paths.includes(file));
  }
  for (const rendered of [...(await renderCharts(found.charts)), ...kustomized.rendered]) await reader.rendered(rendered);
  const header: Snapshot['header'] = { kind: 'manifests', complete: false };
  if (options.kubernetesVersion !== undefined) header.kubernetesVersion = options.kubernetesVersion;
  return { header, objects: reader.objects, counts: reader.counts, gaps: reader.gaps };
}

class Reader {
  readonly objects: SourceObject[] = [];
  readonly counts = { files: 0, documents: 0, judged: 0, foreign: 0 };
  readonly gaps: Gap[];

  constructor(gaps: Gap[]) {
    this.gaps = gaps;
    // What the walk could not reach held a document at least.
    this.counts.documents = gaps.length;
  }

  async file(path: string, named: boolean): Promise<void> {
    this.counts.files += 1;
    try {
      for (const part of documentsOf(path, undefined, !named)) {
        if ('problem' in part) this.#problem(path, part);
        else {
          const waiting = this.#document(path, named ? { ...part, named } : part);
          if (waiting !== undefined) await waiting;
        }
      }
    } catch (error) {
      const code = errnoOf(error) ?? messageOf(error);
      if (named && errnoOf(error) !== undefined)
        throw new CastellanError('CAS_UNREADABLE', `${path} could not be read (${code})`, { cause: error });
      this.#lost({ scope: path, code: 'unreadable', reason: `it could not be read (${code})`, effect: 'what it holds was not judged' });
    }
  }

  async rendered(rendered: Rendered): Promise<void> {
    if ('gap' in rendered) {
      this.#lost(rendered.gap);
      return;
    }
    this.counts.files += 1;
    for (const part of split(rendered.text, 1)) await this.#document(rendered.folder, part, true);
  }

  #document(source: string, document: DocumentText, generated = false): Promise<void> | undefined {
    const read = parsed(source, document);
    const text = generated ? document.text : undefined;
    if (read instanceof Promise) return read.then((late) => this.#take(late, text));
    this.#take(read, text);
    return undefined;
  }

  /** `generated` is the text where it is none of the user's. */
  #take({ empty, objects, gaps }: Parsed, generated: string | undefined): void {
    if (empty) return;
    this.counts.documents += 1;
    for (const gap of gaps) this.gaps.push(gap);
    if (objects.length > 0) this.counts.judged += 1;
    else if (!gaps.some(({ code }) => LOSSES.has(code))) this.counts.foreign += 1;
    for (const object of objects) this.objects.push(generated === undefined ? object : withoutText(object, generated));
  }

  #problem(path: string, { problem, line }: Problem): void {
    const whole = problem === 'binary' || problem === 'snapshot';
    const gap: Gap = { scope: whole ? path : `${path}:${line}`, code: problem === 'snapshot' ? 'binary' : problem, ...PROBLEMS[problem] };
    if (problem === 'encoding') this.gaps.push(gap);
    else this.#lost(gap);
  }

  /** A gap that stands for a whole document that was not judged. */
  #lost(gap: Gap): void {
    this.counts.documents += 1;
    this.gaps.push(gap);
  }
}

/** One document that no parser was made for must not take the others with it. */
function parsed(source: string, document: DocumentText): Parsed | Promise<Parsed> {
  const lost = (error: unknown): Parsed => {
    const gap: Gap = {
      scope: `${source}:${document.line}`,
      code: 'unreadable',
      reason: `it could not be read (${messageOf(error)})`,
      effect: 'it was not judged',
    };
    return { empty: false, objects: [], gaps: [gap] };
  };
  try {
    const read = parseDocument(source, document, parseTolerantly);
    return read instanceof Promise ? read.catch(lost) : read;
  } catch (error) {
    return lost(error);
  }
}

/** EACCES and the like; undefined for what did not come from the operating system. */
function errnoOf(error: unknown): string | undefined {
  const { code, errno } = error as NodeJS.ErrnoException;
  return errno === undefined ? undefined : code;
}

/** Lines of rendered text lead nowhere: name the template that it came from, without a line. */
function withoutText(object: SourceObject, text: string): SourceObject {
  const template = /^# Source: (\S+)/m.exec(text)?.[1];
  const { source, line, format, prefix } = object.origin;
  return { object: object.object, origin: { source: template === undefined ? source : `${source}#${template}`, line, format, prefix } };
}
