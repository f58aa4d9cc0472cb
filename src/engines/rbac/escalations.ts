/** Who has rights by which he becomes more than they say: each subject of a binding, each step, each scope. */
import { closureOf, isSet, type Row } from './closure.ts';
import { AUTHENTICATED, MASTERS, UNAUTHENTICATED, accountGroups } from './identity.ts';
import type { Action, Rbac } from './rbac.ts';
import { ALL, ruleReaches, type Rule } from './rule.ts';
import { STEPS, type Need, type Step } from './steps.ts';
import type { Binding, RoleRule, Subject } from './world.ts';

export interface Escalation {
  readonly subject: Subject;
  /** '' in the whole cluster. */
  readonly namespace: string;
  /** Of a step, or EVERYTHING: all verbs on all resources, beside which no step is named. */
  readonly id: string;
  readonly act: string;
  readonly leadsTo: string;
  /** Where rights are limited to names. */
  readonly names: readonly string[];
  /** One grant for each of the rights that the step takes. */
  readonly through: readonly { readonly binding: Binding; readonly roleRule: RoleRule }[];
}

const EVERYTHING = { id: 'EVERYTHING', act: 'do everything' } as const;

/**
 * Of a cluster of a minor release (34 of 1.34). The same right that a subject's groups give everybody is told of the
 * group alone.
 */
export function escalationsOf(rbac: Rbac, minor: number): Escalation[] {
  const steps = STEPS.map((step) => (minor < (step.getBefore ?? 0) ? { ...step, needs: step.needs.map(withGet) } : step));
  const { actions, needs } = plan(steps);
  const { bySubject } = closureOf(rbac, actions);
  const groups = new Map(rbac.subjects.flatMap((subject) => (subject.kind === 'Group' ? [[subject.name, subject.id]] : [])));
  const found: Escalation[] = [];
  for (const subject of rbac.subjects) {
    if (subject.kind === 'Group' && subject.name === MASTERS) continue;
    const own = bySubject[subject.id] ?? [];
    const shared = implied(subject).flatMap((name) => bySubject[groups.get(name) ?? -1] ?? []);
    found.push(...ofSubject(rbac, subject, { own, shared, steps, needs }));
  }
  return found;
}

function withGet(need: Need): Need {
  return { ...need, verbs: [...need.verbs, 'get'] };
}

interface Planned {
  readonly actions: readonly Action[];
  /** For each step the actions of each need, by index. */
  readonly needs: readonly (readonly (readonly number[])[])[];
}

function plan(steps: readonly Step[]): Planned {
  const actions: Action[] = [{ verb: ALL, apiGroup: ALL, resource: ALL, subresource: '' }];
  const index = new Map<string, number>();
  const place = (action: Exclude<Action, { path: string }>): number => {
    const key = JSON.stringify(action);
    let at = index.get(key);
    if (at === undefined) {
      index.set(key, (at = actions.length));
      actions.push(action);
    }
    return at;
  };
  const needs = steps.map((step) =>
    step.needs.map(({ verbs, group, resources }) => resources.flatMap((each) => verbs.map((verb) => place(actionOf(verb, group, each))))),
  );
  return { actions, needs };
}

function actionOf(verb: string, apiGroup: string, text: string): Exclude<Action, { path: string }> {
  const [resource = '', subresource = ''] = text.split('/');
  return { verb, apiGroup, resource, subresource };
}

interface Rows {
  readonly own: readonly Row[];
  readonly shared: readonly Row[];
  readonly steps: readonly Step[];
  readonly needs: Planned['needs'];
}

function ofSubject(rbac: Rbac, subject: Subject, { own, shared, steps, needs }: Rows): Escalation[] {
  const found: Escalation[] = [];
  const done = new Set<number>();
  // What counts in the whole cluster is told once, so it comes first.
  const scopes = ['', ...own.map(({ namespace }) => namespace).filter((namespace) => namespace !== '')];
  for (const namespace of scopes) {
    const himself = reachOf(own, namespace);
    if (himself === undefined) continue;
    const everybody = reachOf(shared, namespace);
    if (isSet(himself.bits, 0)) {
      if (everybody === undefined || !isSet(everybody.bits, 0)) found.push(everything(rbac, subject, namespace));
      if (namespace === '') return found;
      continue;
    }
    const all = everybody === undefined ? himself : together(himself, everybody);
    for (const [at, step] of steps.entries()) {
      if (done.has(at) || (step.clusterOnly === true && namespace !== '')) continue;
      const met = needs[at] ?? [];
      if (!met.every((actions) => metBy(all, actions) !== undefined)) continue;
      if (everybody !== undefined && met.every((actions) => metBy(everybody, actions) !== undefined)) continue;
      if (namespace === '') done.add(at);
      const names = [...new Set(met.flatMap((actions) => metBy(all, actions) ?? []))];
      const through = step.needs.flatMap((each) => grantOf(rbac, [subject, ...implied(subject)], { need: each, namespace }));
      found.push({ subject, namespace, id: step.id, act: step.act, leadsTo: step.leadsTo, names, through });
    }
  }
  return found;
}

/** What some rows give together. */
interface Reach {
  readonly bits: Uint32Array;
  readonly named: Row['named'];
}

/** Of the rows that count in a namespace; undefined where they give none of the actions. */
function reachOf(rows: readonly Row[], namespace: string): Reach | undefined {
  let reach: Reach | undefined;
  for (const row of rows) {
    if (row.namespace !== '' && row.namespace !== namespace) continue;
    if (row.named.length === 0 && row.bits.every((word) => word === 0)) continue;
    reach = reach === undefined ? row : together(reach, row);
  }
  return reach;
}

function together(a: Reach, b: Reach): Reach {
  return {
    bits: a.bits.map((word, index) => word | (b.bits[index] ?? 0)),
    named: a.named.length + b.named.length === 0 ? a.named : [...a.named, ...b.named],
  };
}

function everything(rbac: Rbac, subject: Subject, namespace: string): Escalation {
  const need: Need = { verbs: [ALL], group: ALL, resources: [ALL] };
  const leadsTo = namespace === '' ? 'the whole cluster' : 'the whole namespace';
  return { ...EVERYTHING, subject, namespace, leadsTo, names: [], through: grantOf(rbac, [subject], { need, namespace }) };
}

const NO_NAMES: readonly string[] = [];

/** Undefined where none of the actions is allowed; else the names that they are limited to. */
function metBy({ bits, named }: Reach, actions: readonly number[]): readonly string[] | undefined {
  for (const action of actions) if (isSet(bits, action)) return NO_NAMES;
  if (named.length === 0) return undefined;
  const names = named
    .flatMap((each) => each.actions)
    .filter(({ action }) => actions.includes(action))
    .flatMap((each) => each.names);
  return names.length === 0 ? undefined : [...new Set(names)];
}

/** Groups that everybody who is the subject is in. */
function implied(subject: Subject): string[] {
  if (subject.kind === 'ServiceAccount') return [...accountGroups(subject.namespace), AUTHENTICATED];
  const isAll = subject.name === AUTHENTICATED || subject.name === UNAUTHENTICATED;
  return isAll ? [] : [AUTHENTICATED];
}

/** The first grant that meets a need, one without names where there is one. */
function grantOf(
  rbac: Rbac,
  holders: readonly (Subject | string)[],
  { need, namespace }: { need: Need; namespace: string },
): { binding: Binding; roleRule: RoleRule }[] {
  const wanted = need.resources.flatMap((text) => need.verbs.map((verb) => actionOf(verb, need.group, text)));
  const meets = (rule: Rule): boolean => wanted.some((action) => ruleReaches(rule, action));
  let named: { binding: Binding; roleRule: RoleRule } | undefined;
  for (const holder of holders) {
    const held = typeof holder === 'string' ? rbac.bindingsOf({ name: '', groups: [holder] }) : rbac.bindingsNaming(holder);
    for (const { binding } of held) {
      if (binding.namespace !== '' && binding.namespace !== namespace) continue;
      for (const roleRule of binding.role?.rules ?? []) {
        if (!meets(roleRule.rule)) continue;
        if (roleRule.rule.resourceNames.length === 0) return [{ binding, roleRule }];
        named ??= { binding, roleRule };
      }
    }
  }
  return named === undefined ? [] : [named];
}
