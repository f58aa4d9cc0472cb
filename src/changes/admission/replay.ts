/** Whether what runs, and what templates would start, is still admitted by Pod Security where its labels change. */
import { type NamespaceOutlook, podSecurityOutlook } from '../../engines/pod-security/index.ts';
import { type Cluster, refOf } from '../../model/index.ts';
import type { SourceObject } from '../../snapshot/index.ts';
import type { UseRecord } from '../../record/index.ts';
import { customTemplates } from './custom-templates.ts';
import type { AccountUser } from '../requests/evidence.ts';
import { madeBefore } from './made-before.ts';
import { mutatedLater } from './mutated.ts';
import type { Denial, DomainProof, UnknownBecause } from '../proof.ts';

const LEVELS = ['privileged', 'baseline', 'restricted'] as const;

/**
 * `objects` are those before. Live pods and all templates are asked; a pod that somebody would make by hand tomorrow is
 * not, but where a record shows that somebody did.
 */
export function replayAdmission(
  before: Cluster,
  after: Cluster,
  { objects, users, record }: { objects: readonly SourceObject[]; users: readonly AccountUser[]; record: UseRecord | undefined },
): DomainProof {
  const tightened = new Set<string>();
  const old = new Map(podSecurityOutlook(before).map((outlook) => [outlook.namespace, outlook]));
  const denies: Denial[] = [];
  const unknownBecause: UnknownBecause[] = [];
  let replayed = 0;
  for (const outlook of podSecurityOutlook(after)) {
    const [was, is] = [enforced(old.get(outlook.namespace)), enforced(outlook)];
    if (is <= was) continue;
    tightened.add(outlook.namespace);
    replayed += outlook.workloads;
    if (outlook.labels?.enforce?.version !== 'latest') unknownBecause.push({ code: 'other-version', about: outlook.namespace });
    const level = LEVELS[is] ?? 'privileged';
    const obstacles = outlook.stricter.find((one) => one.level === level)?.obstacles ?? [];
    for (const { workload, controls } of obstacles)
      denies.push({ who: refOf(workload.object), what: `${level} refuses ${controls.join(', ')}`, count: 1, last: 0 });
  }
  for (const ref of tightened.size === 0 ? [] : customTemplates(objects, tightened))
    unknownBecause.push({ code: 'input-partial', about: `${ref} may make pods that are not there now` });
  for (const about of tightened.size === 0 ? [] : mutatedLater(objects, tightened, users))
    unknownBecause.push({ code: 'input-partial', about });
  for (const about of tightened.size === 0 || record === undefined ? [] : madeBefore(record, objects, tightened))
    unknownBecause.push({ code: 'input-partial', about });
  return { verdict: denies.length > 0 ? 'breaks' : unknownBecause.length > 0 ? 'unknown' : 'safe', unknownBecause, denies, replayed };
}

function enforced(outlook: NamespaceOutlook | undefined): number {
  return LEVELS.indexOf(outlook?.labels?.enforce?.level ?? 'privileged');
}
