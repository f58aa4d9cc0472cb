/** Objects with some of them, or single rules of roles, taken away: what a fix leaves behind. */
import { textOf } from '../lib/record.ts';
import { isNamespaced } from '../model/index.ts';

type Raw = Readonly<Record<string, unknown>>;

interface RulePart {
  verbs: readonly string[];
  resources: readonly string[];
  role: string;
}

/**
 * `parts` name objects (`Kind/namespace/name`, `Kind/name`) or rules (`rule patch namespaces in Role/shop/ci`; several
 * verbs or resources with commas between them). What names nothing is told in `unknown`.
 */
export function withoutParts(objects: readonly Raw[], parts: readonly string[]): { objects: Raw[]; unknown: string[] } {
  const rules = parts.flatMap((part) => ruleOf(part) ?? []);
  const whole = new Set(parts.filter((part) => ruleOf(part) === undefined));
  const used = new Set<string>();
  const left: Raw[] = [];
  for (const object of objects) {
    const ref = refOfRaw(object);
    if (whole.has(ref)) {
      used.add(ref);
      continue;
    }
    let kept = object;
    for (const rule of rules) if (rule.role === ref) kept = withoutRule(kept, rule, () => used.add(ruleText(rule)));
    left.push(kept);
  }
  return { objects: left, unknown: parts.filter((part) => !used.has(part) && !used.has(normalized(part))) };
}

function refOfRaw({ apiVersion, kind, metadata }: Raw): string {
  const { namespace, name } = (metadata ?? {}) as { namespace?: string; name?: string };
  const place = isNamespaced(textOf(apiVersion), textOf(kind))
    ? `${namespace === undefined || namespace === '' ? 'default' : namespace}/`
    : '';
  return `${textOf(kind)}/${place}${name ?? ''}`;
}

function ruleOf(part: string): RulePart | undefined {
  const [, verbs, resources, role] = /^rule (\S+) (\S+) in (\S+)$/.exec(part) ?? [];
  if (verbs === undefined || resources === undefined || role === undefined) return undefined;
  return { verbs: verbs.split(','), resources: resources.split(','), role };
}

function ruleText({ verbs, resources, role }: RulePart): string {
  return `rule ${verbs.join(',')} ${resources.join(',')} in ${role}`;
}

function normalized(part: string): string {
  const rule = ruleOf(part);
  return rule === undefined ? part : ruleText(rule);
}

/** A rule that says more keeps the rest: the other verbs on all resources, and these verbs on the other resources. */
function withoutRule(role: Raw, { verbs, resources }: RulePart, hit: () => void): Raw {
  const rules = Array.isArray(role.rules) ? (role.rules as Raw[]) : [];
  const left = rules.flatMap((rule) => {
    const [ownVerbs, ownResources] = [textsIn(rule.verbs), textsIn(rule.resources)];
    if (!verbs.every((verb) => ownVerbs.includes(verb)) || !resources.every((resource) => ownResources.includes(resource))) return [rule];
    hit();
    const otherVerbs = ownVerbs.filter((verb) => !verbs.includes(verb));
    const otherResources = ownResources.filter((resource) => !resources.includes(resource));
    return [
      ...(otherVerbs.length > 0 ? [{ ...rule, verbs: otherVerbs }] : []),
      ...(otherResources.length > 0 ? [{ ...rule, verbs, resources: otherResources }] : []),
    ];
  });
  return { ...role, rules: left };
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
