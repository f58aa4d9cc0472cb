/** `castellan rbac who-can`: every subject that may do something, where, and through what. */
import { type RbacRequest, type Subject, MASTERS, type Rbac, grantText, isResourceRequest } from '../engines/rbac/index.ts';
import { stdout } from '../lib/sink.ts';
import { writeRightsTable } from './rbac-table.ts';
import {
  type Question,
  type TargetFlags,
  rbacFormat,
  readRbac,
  requestOf,
  requestText,
  scopeText,
  subjectJson,
  subjectText,
} from './rbac-input.ts';

interface Holder {
  subject: Subject;
  namespace: string;
  names: readonly string[];
  by: string[];
}

export async function runRbacWhoCan({ verb, target, paths }: Question, flags: TargetFlags): Promise<number> {
  const format = rbacFormat('who-can', flags);
  const { rbac, catalog, further, gaps } = await readRbac(paths, flags);
  const request = requestOf(verb, target, { catalog, flags });
  const isInNamespaces = isResourceRequest(request) && (catalog.get(request.apiGroup, request.resource)?.namespaced ?? true);
  const holders = holdersOf(rbac, request, isInNamespaces && flags.allNamespaces !== true);
  if (format === 'json') {
    const rows = holders.map(({ subject, namespace, names, by }) => ({
      subject: subjectJson(subject),
      namespace,
      ...(names.length > 0 && { names }),
      by,
    }));
    stdout.write(
      `${JSON.stringify({ schema: 'castellan/rbac-who-can/v1', request, holders: rows, bypass: [MASTERS, ...(further.alwaysAllows === undefined ? [] : ['AlwaysAllow'])], gaps })}\n`,
    );
    stdout.end();
    return 0;
  }
  stdout.write(
    `who may ${requestText(request)}${isInNamespaces && flags.namespace === undefined && flags.allNamespaces !== true ? ' or in one of its namespaces' : ''}\n\n`,
  );
  const rows = holders.map(({ subject, namespace, names, by }) => [
    subjectText(subject),
    names.length === 0 ? scopeText(namespace) : `${scopeText(namespace)}, only ${names.join(', ')}`,
    by.join('; '),
  ]);
  if (mayBeOfNodes(request))
    stdout.write('A node may as well where a pod on it refers to the object: castellan rbac can … --as system:node:NAME tells.\n\n');
  if (further.alwaysAllows !== undefined) stdout.write(`Everybody may: ${further.alwaysAllows} runs with AlwaysAllow.\n\n`);
  writeRightsTable(['SUBJECT', 'WHERE', 'THROUGH'], [[`Group ${MASTERS}`, 'whole cluster', 'no binding limits it'], ...rows]);
  return 0;
}

/** What the Node authorizer decides by the pods of a node, which are not read for this question. */
function mayBeOfNodes(request: RbacRequest): boolean {
  if (!isResourceRequest(request) || !['', '*'].includes(request.apiGroup)) return false;
  const { verb, resource, subresource } = request;
  if (resource === 'serviceaccounts') return verb === 'create' ? subresource === 'token' : verb === 'get' && subresource === '';
  if (resource === 'secrets' || resource === 'configmaps') return ['get', 'list', 'watch'].includes(verb) && subresource === '';
  return verb === 'get' && subresource === '' && (resource === 'persistentvolumes' || resource === 'persistentvolumeclaims');
}

/** Without a namespace also those who may in some namespace only, each by itself. */
function holdersOf(rbac: Rbac, request: RbacRequest, everyNamespace: boolean): Holder[] {
  const isOpen = isResourceRequest(request) && request.namespace === '' && everyNamespace;
  const action = isResourceRequest(request) ? { ...request, name: request.name === '' ? undefined : request.name } : request;
  const allowances = rbac.allowing(action, isOpen || !isResourceRequest(request) ? undefined : request.namespace);
  const holders = new Map<string, Holder>();
  for (const { binding, roleRule, names } of allowances) {
    for (const { subject } of binding.subjects) {
      const key = `${subject.id} ${binding.namespace} ${names?.join(' ') ?? ''}`;
      const text = grantText({ binding, rule: roleRule });
      const known = holders.get(key);
      if (known === undefined) holders.set(key, { subject, namespace: binding.namespace, names: names ?? [], by: [text] });
      else known.by.push(text);
    }
  }
  return [...holders.values()].toSorted((a, b) => order(a).localeCompare(order(b), 'en'));
}

function order({ subject, namespace }: Holder): string {
  return `${namespace === '' ? 0 : 1} ${namespace} ${subject.kind} ${subject.namespace} ${subject.name}`;
}
