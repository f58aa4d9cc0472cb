/** The file and line of a finding as other programs expect it: relative, with slashes, and never absent. */
import { isAbsolute, relative } from 'node:path';
import { clip, printable } from '../lib/terminal.ts';
import type { Evidence, Finding, FindingSubject } from '../rules/index.ts';
import { isOfCluster, positionOf } from '../snapshot/index.ts';
import type { ReportFrame } from './report.ts';

export interface Place {
  /** `deploy/web.yaml`; for what came from no file a path that stays the same from run to run. */
  path: string;
  /** 1 where no line is known. */
  line: number;
  column: number;
  /** False when the path only stands for a place: an object of a cluster, or from standard input. */
  file: boolean;
}

export function placeOf(finding: Finding, source: ReportFrame['source']): Place {
  const [evidence] = finding.evidence;
  const { origin } = evidence ?? finding.object;
  return placeIn({ origin, path: evidence?.path ?? '' }, finding.subject, source);
}

export function placeIn(
  { origin, path }: Pick<Evidence, 'origin' | 'path'>,
  subject: FindingSubject,
  source: ReportFrame['source'],
): Place {
  const position = origin.source === '-' ? undefined : positionOf(origin, path);
  if (subject.kind === 'Node' && subject.component !== undefined)
    return { path: placeOnNode(origin.source, subject.name), line: position?.line ?? 1, column: position?.column ?? 1, file: false };
  if (position !== undefined) return { path: relativePath(origin.source), line: position.line, column: position.column, file: true };
  // Beside a snapshot file there may be manifests.
  if (source.kind === 'cluster' || isOfCluster(origin) || origin.source === '-' || origin.source === '') {
    return { path: virtualPath(origin.source === '-' ? 'stdin' : 'cluster', subject), line: 1, column: 1, file: false };
  }
  return { path: renderedPath(origin.source), line: 1, column: 1, file: true };
}

/** A path as a reference of RFC 3986: relative where the path is. */
export function uriOf(path: string): string {
  const encoded = path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  if (path.startsWith('/')) return `file://${encoded}`;
  return /^[A-Za-z]:\//.test(path) ? `file:///${encoded}` : encoded;
}

/** As seen from the working directory, which in CI is the root of the repository; what lies outside stays as it is. */
function relativePath(source: string): string {
  const fromHere = isAbsolute(source) ? relative(process.cwd(), source) : source;
  const inside = isAbsolute(source) && (fromHere.startsWith('..') || isAbsolute(fromHere)) ? source : fromHere;
  return inside.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '');
}

/** `charts/web#web/templates/app.yaml` is a template of that chart; anything else rendered is a kustomization. */
function renderedPath(source: string): string {
  const [folder = '', template] = source.split('#', 2);
  const inside = template === undefined ? 'kustomization.yaml' : template.slice(template.indexOf('/') + 1);
  return relativePath(`${folder}/${inside}`);
}

/** `node1:/etc/kubernetes/x.yaml` is no file of whoever reads the report. */
function placeOnNode(source: string, node: string): string {
  const inside = source.startsWith(`${node}:`) ? source.slice(node.length + 1) : '';
  return ['nodes', node, ...inside.split('/')]
    .filter((part) => part !== '' && part !== '..')
    .map((part) => clip(printable(part), 260))
    .join('/');
}

function virtualPath(root: string, { kind, namespace, name }: FindingSubject): string {
  return [root, namespace, kind, name === '' ? '' : `${name}.yaml`]
    .filter((segment) => segment !== '')
    .map((segment) => clip(printable(segment), 260).replaceAll('/', '_'))
    .join('/');
}
