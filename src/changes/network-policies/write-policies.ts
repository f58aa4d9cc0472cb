/** All generated policies as one text: documents in a steady order, with reasons and what stays closed as comments. */
import { type Origin, positionOf } from '../../snapshot/index.ts';
import type { Evidence } from './evidence.ts';
import type { Inventory } from './inventory.ts';
import type { Gap } from './needs.ts';
import type { Drafted } from './policies.ts';
import { yamlOf } from './write-yaml.ts';

/** Of one rule: the rest is in the JSON. */
const MOST_SHOWN = 4;

export function writePolicies(inventory: Inventory, policies: readonly Drafted[], gaps: readonly Gap[] = []): string {
  return policies
    .map((policy) => {
      const comments = new Map<string, string[]>();
      const own = new Set(policy.unit?.apps.map(({ key }) => key));
      const above = gaps.filter(({ app, kind }) => own.has(app) && kind !== 'note');
      comments.set('', [
        policy.unit === undefined
          ? `Denies in ${policy.namespace} whatever no other policy allows.`
          : policy.unit.apps.map(({ key }) => key).join(' and '),
        ...above.map(({ kind, what }) => `${kind === 'wide' ? 'Wide' : 'Closed'}: ${what}`),
      ]);
      for (const direction of ['ingress', 'egress'] as const)
        for (const [index, evidence] of policy.evidence[direction].entries())
          comments.set(`spec.${direction}[${index}]`, linesOf(inventory, evidence));
      return yamlOf(policy.object, comments);
    })
    .join('---\n');
}

function linesOf(inventory: Inventory, evidence: readonly Evidence[]): string[] {
  const lines = evidence.slice(0, MOST_SHOWN).map((one) => evidenceText(inventory.sources[one.object]?.origin, one));
  return evidence.length > MOST_SHOWN ? [...lines, `and ${evidence.length - MOST_SHOWN} more`] : lines;
}

/** `Deployment/shop/web spec.…env[1].value (web.yaml:31): CATALOG_URL names catalog:8080` */
function evidenceText(origin: Origin | undefined, { ref, path, what }: Evidence): string {
  const place = placeOf(origin, path);
  return `${ref} ${path}${place === undefined ? '' : ` (${place.source}:${place.line})`}: ${what}`;
}

/** Where a field stands; undefined for what came from no file. */
export function placeOf(origin: Origin | undefined, path: string): { source: string; line: number } | undefined {
  const position = origin === undefined ? undefined : positionOf(origin, path);
  return origin === undefined || position === undefined ? undefined : { source: origin.source, line: position.line };
}
