/** What rules say of ports that were asked. */
import { configzName } from '../engines/component-config/index.ts';
import { type EndpointView, endpointsOf } from '../engines/endpoints/index.ts';
import { messageOf } from '../lib/errors.ts';
import { type ApiObject, type Cluster, toApiObject } from '../model/index.ts';
import { type EndpointFact, type Gap, type Origin, endpointName } from '../snapshot/index.ts';
import type { FindingSubject } from './finding.ts';
import { Found, type Place, passed, seedOf } from './found.ts';
import type { JudgeOptions } from './judge.ts';
import type { Hit, Rule } from './rule.ts';

export interface EndpointJudgement {
  /** Also what passed and what did not apply. */
  found: Found[];
  gaps: Gap[];
}

export function judgeEndpoints(cluster: Cluster, options: JudgeOptions): EndpointJudgement {
  const found: Found[] = [];
  const gaps: Gap[] = [...(cluster.probe?.gaps ?? [])];
  if (cluster.probe === undefined) return { found, gaps };
  gaps.push(...cluster.probe.endpoints.flatMap(unvouched));
  const rules = options.rules.filter(({ scope }) => scope === 'endpoint');
  for (const view of endpointsOf(cluster)) {
    if (view.fact.state !== 'open') continue;
    const place = placeOfEndpoint(view);
    for (const rule of rules) found.push(...judged(rule, view, { place, options, gaps }));
  }
  if (options.except !== undefined) for (const finding of found) if (finding.status !== 'pass') options.except(finding);
  return { found, gaps };
}

/** What a kubelet says of itself is judged as its configuration, so a doubt about who said it stands beside the judgement. */
function unvouched(fact: EndpointFact): Gap[] {
  if (fact.configz?.untrusted === undefined) return [];
  return [
    {
      scope: configzName(fact),
      code: 'kubelet-unvouched',
      reason: fact.configz.untrusted,
      effect: 'whoever answers at this address may have said it: what is told of this kubelet, passes too, rests on its word',
    },
  ];
}

interface At {
  place: Place;
  options: JudgeOptions;
  gaps: Gap[];
}

function judged(rule: Rule, view: EndpointView, { place, options, gaps }: At): Found[] {
  type Asked = (view: EndpointView, tables: unknown, options: unknown) => unknown;
  const own = options.ruleOptions?.[rule.id] ?? rule.options;
  try {
    if (rule.applies !== undefined && (rule.applies as Asked)(view, {}, own) !== true) return [];
    const answer = (rule.check as Asked)(view, {}, own) as Hit | readonly Hit[] | undefined;
    const hits = answer === undefined ? [] : [answer].flat();
    return hits.length === 0 ? [passed(rule, place)] : hits.map((hit) => new Found(rule, hit, place));
  } catch (error) {
    const reason = messageOf(error);
    const scope = `rule ${rule.id}`;
    gaps.push({
      scope,
      code: 'rule-failed',
      reason: `the rule failed on ${place.subject.name}: ${reason}`,
      effect: 'its judgement is unknown',
    });
    return [new Found(rule, { message: `the rule failed: ${reason}`, path: '', value: undefined, status: 'unknown' }, place)];
  }
}

/** Of a node where it is a port of one: addresses of nodes come and go. */
function placeOfEndpoint({ fact }: EndpointView): Place {
  const name = endpointName(fact);
  const { node, component } = fact;
  const subject: FindingSubject = {
    apiVersion: node === undefined ? 'castellan/v1' : 'v1',
    kind: node === undefined ? 'Endpoint' : 'Node',
    namespace: '',
    name: node ?? name,
    component,
  };
  const anchor = anchorOf(subject, name);
  return {
    object: anchor,
    subject,
    path: '',
    root: undefined,
    seed: seedOf(anchor, subject, `${component}:${fact.use}`),
    locate: (_object, path, file) => {
      const origin: Origin = { source: file ?? name, line: 1, format: 'json', prefix: [] };
      return { origin, path };
    },
  };
}

/** Stands for the port where a finding needs an object. */
function anchorOf({ apiVersion, kind, name }: FindingSubject, source: string): ApiObject {
  const origin: Origin = { source, line: 1, format: 'json', prefix: [] };
  const object = toApiObject({ object: { apiVersion, kind, metadata: { name } }, origin }, 0);
  if ('code' in object) throw new Error(object.reason);
  return object;
}
