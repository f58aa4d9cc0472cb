/** `castellan net matrix`: who may talk to whom at a glance, by workload, namespace, label or tenant. */
import { type GroupedMatrix, type Grouping, OUTSIDE, Relation, connsOf, connsText, groupedMatrix } from '../engines/network/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { plural } from '../lib/terminal.ts';
import { type MatrixView, dotOf, matrixTable, mermaidOf } from '../report/network/index.ts';
import { gapsField } from './net-gaps.ts';
import { type NetFlags, netFormat, readNet, writeDocument, writePieces, writeRows } from './net-input.ts';
import { type TenantFlags, tenantGrouping } from './net-tenants.ts';
import { screenOf } from './outputs.ts';

export interface NetMatrixFlags extends NetFlags, TenantFlags {
  by?: string;
  color?: boolean;
}

/** More workloads than this are shown as their namespaces, where nothing else is asked for. */
const READABLE = 30;
/** More groups than this make millions of cells, which nobody reads. */
const MOST = 2000;

export async function runNetMatrix(paths: readonly string[], flags: NetMatrixFlags): Promise<number> {
  const format = netFormat('matrix', flags, ['table', 'json', 'csv', 'dot', 'mermaid']);
  const asked = groupingOf(flags);
  const relation = new Relation(await readNet(paths, flags));
  const workloads = new Set(relation.world.pods.map(({ workload }) => workload)).size;
  const grouping = asked ?? { by: workloads > READABLE ? 'namespace' : 'workload' };
  const matrix = groupedMatrix(relation, grouping, MOST);
  const by = grouping.by === 'label' || grouping.by === 'namespace-label' ? `${grouping.by}=${grouping.key}` : grouping.by;
  const view = viewOf(relation, matrix, grouping);
  if (format === 'json')
    writeDocument('net-matrix', { by, groups: view.groups, cells: view.cells, left: matrix.left, ...gapsField(relation.world) });
  else if (format === 'dot') writePieces(dotOf(edgesOf(view)));
  else if (format === 'mermaid') writePieces(mermaidOf(edgesOf(view)));
  else if (format === 'csv')
    writeRows(
      'csv',
      ['SOURCE', 'DESTINATION', 'PAIRS', 'OPEN', 'PORTS'],
      view.cells.map(({ from, to, pairs, open, allowed }) => [
        nameAt(view, from),
        nameAt(view, to),
        `${pairs}`,
        `${open}`,
        connsText(allowed),
      ]),
    );
  else {
    const title = `${plural(workloads, 'workload')}${by === 'workload' ? '' : ` by ${by}`}`;
    stdout.write(`${[title, ...notesOf(matrix, asked, workloads)].join('; ')}\n\n`);
    stdout.write(matrixTable(view, screenOf(flags)));
    stdout.end();
  }
  return 0;
}

/** Undefined where nothing is said: the size decides. */
function groupingOf(flags: NetMatrixFlags): Grouping | undefined {
  const { by } = flags;
  const tenants = tenantGrouping(flags);
  if (tenants !== undefined && by !== undefined && by !== 'tenant')
    throw new CastellanError('CAS_USAGE', '--tenant-label and --tenants say how a matrix by tenant is made; leave --by out');
  if (by === undefined || tenants !== undefined) return tenants;
  if (by === 'pod' || by === 'workload' || by === 'namespace') return { by };
  const [, kind, key = ''] = /^(label|namespace-label)=(.+)$/.exec(by) ?? [];
  if (kind === 'label' || kind === 'namespace-label') return { by: kind, key };
  throw new CastellanError(
    'CAS_USAGE',
    by === 'tenant' ? '--by tenant needs --tenant-label or --tenants' : `there is no matrix by "${by}"`,
    {
      remedy:
        'It is made by pod, workload, namespace, label=KEY, namespace-label=KEY, or tenant with --tenant-label KEY or --tenants FILE.',
    },
  );
}

function viewOf({ ports }: Relation, { groups, cells, pairs }: GroupedMatrix, { by }: Grouping): MatrixView {
  return {
    groups,
    cells: cells.map(({ from, to, open, ports: id }) => ({ from, to, pairs: pairs(from, to), open, allowed: connsOf(ports.set(id)) })),
    inNamespaces: by === 'pod' || by === 'workload',
  };
}

function edgesOf(view: MatrixView): { from: string; to: string; label: string }[] {
  return view.cells.map(({ from, to, pairs, open, allowed }) => {
    const label = [allowed === 'all' ? '' : connsText(allowed), open === pairs ? '' : `${open} of ${pairs}`];
    return { from: nameAt(view, from), to: nameAt(view, to), label: label.filter((text) => text !== '').join(', ') };
  });
}

function nameAt({ groups }: MatrixView, index: number): string {
  return groups[index]?.name ?? OUTSIDE;
}

function notesOf({ left }: GroupedMatrix, asked: Grouping | undefined, workloads: number): string[] {
  const notes: string[] = [];
  if (asked === undefined && workloads > READABLE) notes.push('--by workload shows each');
  if (left > 0) notes.push(`${plural(left, 'pod is', 'pods are')} in no group`);
  return notes;
}
