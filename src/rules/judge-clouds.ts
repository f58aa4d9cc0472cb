/** What rules say of a managed cluster by its provider's description. */
import { CloudView } from '../engines/cloud/index.ts';
import { messageOf } from '../lib/errors.ts';
import { toApiObject } from '../model/index.ts';
import type { CloudCluster, Gap } from '../snapshot/index.ts';
import type { FindingSubject } from './finding.ts';
import { Found, type Place, seedOf } from './found.ts';
import type { JudgeOptions } from './judge.ts';
import type { Hit, Rule } from './rule.ts';

export interface CloudJudgement {
  /** Also what passed. */
  found: Found[];
  gaps: Gap[];
}

export function judgeCloud(cluster: CloudCluster, { rules, except }: JudgeOptions): CloudJudgement {
  const view = new CloudView(cluster);
  const judged: CloudJudgement = { found: [], gaps: [] };
  for (const rule of rules.filter(({ scope }) => scope === 'cloud')) judgeRule(rule, view, judged);
  if (except !== undefined) for (const finding of judged.found) if (finding.status !== 'pass') except(finding);
  return judged;
}

function judgeRule(rule: Rule, view: CloudView, { found, gaps }: CloudJudgement): void {
  const place = placeOfCloud(view.cluster, rule);
  const applies = rule.applies as ((view: CloudView) => boolean) | undefined;
  if (applies?.(view) === false) return;
  const check = rule.check as (view: CloudView) => Hit | readonly Hit[] | undefined;
  try {
    const answer = check(view);
    for (const hit of answer === undefined ? [] : [answer].flat()) found.push(new Found(rule, hit, place));
  } catch (error) {
    const reason = messageOf(error);
    found.push(new Found(rule, { message: `the rule failed: ${reason}`, path: '', value: undefined, status: 'unknown' }, place));
    gaps.push({
      scope: `rule ${rule.id}`,
      code: 'rule-failed',
      reason: `the rule failed on the description of ${view.cluster.name}: ${reason}`,
      effect: 'its judgement is unknown',
    });
  }
}

function placeOfCloud({ name, origin }: CloudCluster, { component = 'cloud' }: Rule): Place {
  const anchor = toApiObject({ object: { apiVersion: 'v1', kind: 'Cluster', metadata: { name: name || 'cluster' } }, origin }, 0);
  if ('code' in anchor) throw new Error(anchor.reason);
  const subject: FindingSubject = { apiVersion: '', kind: 'Cluster', namespace: '', name, component };
  return {
    object: anchor,
    subject,
    path: '',
    root: undefined,
    seed: seedOf(anchor, subject, component),
    locate: (_object, path) => ({ origin, path }),
  };
}
