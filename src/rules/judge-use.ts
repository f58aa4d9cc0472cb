/** What rules say of recorded use: of the cluster as a whole, as no object did it. */
import { viewOfUse } from '../engines/controller-use/index.ts';
import { messageOf } from '../lib/errors.ts';
import type { Cluster } from '../model/index.ts';
import type { UseRecord } from '../record/index.ts';
import type { Gap, Origin } from '../snapshot/index.ts';
import { componentOf } from './component.ts';
import type { FindingSubject } from './finding.ts';
import { Found, type Place, passed, placeOf } from './found.ts';
import type { JudgeOptions } from './judge.ts';
import { anchorOfNode } from './judge-nodes.ts';
import type { Hit, Rule } from './rule.ts';

/** A record, and how the user named it. */
export interface GivenUse {
  readonly record: UseRecord;
  readonly name: string;
}

export interface UseJudgement {
  /** Also what passed and what did not apply. */
  found: Found[];
  gaps: Gap[];
  /** Rules about settings whose question was answered by what was done. */
  answered: ReadonlySet<string>;
}

export function judgeUse(cluster: Cluster, options: JudgeOptions): UseJudgement {
  const { use } = options;
  const judgement = { found: [] as Found[], gaps: [] as Gap[], answered: new Set<string>() };
  const rules = options.rules.filter(({ scope }) => scope === 'use');
  if (use === undefined || rules.length === 0) return judgement;
  const view = viewOfUse(cluster, use.record);
  for (const rule of rules) {
    const place = placeOfUse(rule, cluster, use.name);
    const hits = hitsOf(rule, view, judgement.gaps);
    const found = hits.length === 0 ? [passed(rule, place)] : hits.map((hit) => new Found(rule, hit, place));
    judgement.found.push(...found);
    const isDecided = found.some(({ status }) => status === 'pass' || status === 'fail');
    if (isDecided) for (const id of rule.answersFor ?? []) judgement.answered.add(id);
  }
  if (options.except !== undefined) for (const finding of judgement.found) if (finding.status !== 'pass') options.except(finding);
  return judgement;
}

function hitsOf(rule: Rule, view: ReturnType<typeof viewOfUse>, gaps: Gap[]): readonly Hit[] {
  try {
    return (rule.check as (view: unknown) => readonly Hit[])(view);
  } catch (error) {
    const reason = messageOf(error);
    gaps.push({
      scope: `rule ${rule.id}`,
      code: 'rule-failed',
      reason: `the rule failed on the record: ${reason}`,
      effect: 'its judgement is unknown',
    });
    return [{ message: `the rule failed: ${reason}`, path: '', value: undefined, status: 'unknown' }];
  }
}

function placeOfUse(rule: Rule, { objects }: Cluster, name: string): Place {
  const subject: FindingSubject = { apiVersion: '', kind: 'Cluster', namespace: '', name: '', component: componentOf(rule) };
  const place = placeOf(objects[0] ?? anchorOfNode('cluster'), subject);
  return {
    ...place,
    root: undefined,
    locate: (_object, path, file) => {
      const origin: Origin = { source: file ?? name, line: 1, format: 'json', prefix: [] };
      return { origin, path };
    },
  };
}
