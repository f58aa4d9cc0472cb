/** The form of a rule about what a port answers. */
import type { EndpointView } from '../../engines/endpoints/index.ts';
import type { AnswerFact, TlsFact } from '../../snapshot/index.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';

interface PortRule extends Omit<RuleHeader, 'area' | 'needs'> {
  applies?: (view: EndpointView) => boolean;
  check: (view: EndpointView) => Hit | readonly Hit[] | undefined;
  examples: () => Examples;
}

export function portRule(rule: PortRule): Rule {
  return defineRule({ ...rule, area: 'ports', scope: 'endpoint', needs: ['probe'] });
}

/** For rules that say nothing of ports without TLS. */
export function hasTls({ fact }: EndpointView): boolean {
  return fact.tls !== undefined;
}

export function acceptedBy({ versions }: TlsFact): TlsFact['versions'] {
  return versions.filter(({ accepted }) => accepted === 'yes');
}

/** Answers that let somebody without credentials have what was asked for. */
export function givenBy({ fact }: EndpointView): AnswerFact[] {
  return fact.answers.filter(({ status = 0 }) => status >= 200 && status < 300);
}

/** As evidence names it. */
export function requestOf({ scheme, path }: AnswerFact): string {
  return `GET ${scheme}:${path}`;
}
