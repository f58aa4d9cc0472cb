/** The form of a rule about what a provider lets one choose of a managed cluster: a question for each provider that has it. */
import type { CloudEntry, CloudView } from '../../engines/cloud/index.ts';
import type { Provider } from '../../snapshot/index.ts';
import type { Severity } from '../finding.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';

/** The field that decides; `wrong` says what is wrong with it, and is left out where nothing is. */
export interface Answer {
  path: string;
  wrong?: string | undefined;
  status?: 'manual' | 'unknown' | 'not-applicable';
  severity?: Severity;
  /** Instead of what stands at the path. */
  value?: unknown;
  /** Tells several of one list apart. */
  key?: string;
}

export type Question = (cluster: CloudView) => Answer | readonly Answer[];

interface CloudRule extends Omit<RuleHeader, 'area' | 'needs'>, Partial<Record<Provider, Question>> {
  examples: () => Examples;
}

export function cloudRule({ aws, azure, google, ...header }: CloudRule): Rule {
  const questions: Partial<Record<Provider, Question>> = { ...(aws && { aws }), ...(azure && { azure }), ...(google && { google }) };
  return defineRule({
    component: 'cloud',
    ...header,
    area: 'cloud',
    scope: 'cloud',
    needs: ['cloud'],
    applies: (cluster) => questions[cluster.provider] !== undefined,
    check(described): Hit[] {
      const cluster = described.anew();
      const answers = [questions[cluster.provider]?.(cluster) ?? []].flat();
      const unknown = answers.some(({ status }) => status !== undefined) ? undefined : unknownIn(cluster, answers);
      if (unknown !== undefined) return [unknown];
      return answers.map(({ path, wrong, status, severity, key, ...given }) => ({
        message: wrong ?? seenWords(path, cluster.value(path)),
        path,
        value: 'value' in given ? given.value : cluster.value(path),
        ...(wrong === undefined ? { status: status ?? ('pass' as const) } : { ...(status && { status }) }),
        ...(severity !== undefined && { severity }),
        ...(key !== undefined && { key }),
      }));
    },
  });
}

function seenWords(path: string, value: unknown): string {
  if (path === '') return 'the description says nothing of it';
  if (value === undefined) return `the description leaves out ${path}`;
  return typeof value === 'object' ? `the description holds ${path}` : `${path} is ${JSON.stringify(value).slice(0, 80)}`;
}

/** What is not told, or in no form that can be read, is neither right nor wrong. */
function unknownIn(cluster: CloudView, answers: readonly Answer[]): Hit | undefined {
  const [odd] = cluster.misshapen;
  if (odd !== undefined)
    return {
      message: `${odd} of the description is not of the form that the provider writes`,
      path: odd,
      value: undefined,
      status: 'unknown',
    };
  for (const { path, wrong } of answers) {
    const section = wrong === undefined || cluster.value(path) !== undefined ? undefined : cluster.leftOut(path);
    if (section !== undefined) return { message: `the description does not hold ${section}`, path, value: undefined, status: 'unknown' };
  }
  return undefined;
}

/** A flag that has to be set: absent it is off, where the description holds settings at all. */
export function mustBeOn(path: string, wrong: string): Question {
  return (cluster) => ({ path, wrong: cluster.flag(path) === true ? undefined : wrong });
}

export function mustBeOff(path: string, wrong: string): Question {
  return (cluster) => ({ path, wrong: cluster.flag(path) === true ? wrong : undefined });
}

/** One answer for each entry of a list; an empty list has nothing to judge. */
export function ofEach(list: string, ask: (entry: CloudEntry, cluster: CloudView) => Answer): Question {
  return (cluster) => cluster.entries(list).map((entry) => ({ key: entry.name, ...ask(entry, cluster) }));
}

/** Only a person can say; what the description tells is shown. */
export function lookAt(path: string, words: string): Question {
  return () => ({ path, wrong: words, status: 'manual' });
}
