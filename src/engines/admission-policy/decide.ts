/**
 * What a bound policy says to a write, in the order of k8s.io/apiserver/pkg/admission/plugin/policy/validating: does it
 * match, are its conditions true, are its validations; a failure counts by its failure policy.
 */
import type { ApiObject, Labels, Tables } from '../../model/index.ts';
import {
  ANY,
  ANYTHING,
  type Budget,
  Choices,
  EITHER,
  Evaluation,
  FAILS,
  FAILURE,
  FALSE,
  Mapping,
  type Names,
  type Outcomes,
  TRUE,
  type Value,
  and,
  bounded,
  fromJson,
  mayFail,
  parseExpression,
  truth,
} from '../cel/index.ts';
import { matches } from './match.ts';
import { parametersOf } from './parameters.ts';
import { type PodRequest, requestValue } from './request.ts';

export interface BoundPolicy {
  readonly policy: ApiObject<'ValidatingAdmissionPolicy'>;
  readonly binding: ApiObject<'ValidatingAdmissionPolicyBinding'>;
}

type Spec = NonNullable<ApiObject<'ValidatingAdmissionPolicy'>['body']['spec']>;

/** Whether it is let through, as outcomes: true, false, or either where that cannot be told. */
export type Admission = Outcomes;

export interface Surroundings {
  readonly tables: Tables;
  readonly budget: Budget;
}

export function decide({ policy, binding }: BoundPolicy, request: PodRequest, { tables, budget }: Surroundings): Admission {
  const spec = policy.body.spec ?? {};
  const { paramRef, matchResources, validationActions = [] } = binding.body.spec ?? {};
  const labels = tables.namespaces.get(request.namespace)?.object?.labels;
  const matched = and(matches(spec.matchConstraints, { request, labels }), matches(matchResources, { request, labels }));
  if (matched === FALSE) return TRUE;
  const denies = validationActions.includes('Deny');
  const parameters = parametersOf(tables, { kind: spec.paramKind, ref: paramRef, namespace: request.namespace });
  // Only a policy that cannot be set up, or an annotation of the audit log that fails, refuses without the action.
  if (!denies && parameters !== 'unknown' && parameters.length > 0 && (spec.auditAnnotations ?? []).length === 0) return TRUE;
  if (parameters === 'unknown') return EITHER;
  if (parameters.length === 0) {
    const refused = paramRef?.parameterNotFoundAction === 'Deny' && spec.failurePolicy !== 'Ignore';
    return refused ? (matched === TRUE ? FALSE : EITHER) : TRUE;
  }
  const said = parameters.reduce<Admission>((all, params) => {
    const one = bounded(() => {
      const choices = new Choices(budget);
      const facts = { spec, denies, params, request, labels };
      return choices.outcomes(() => validated(facts, choices));
    });
    return and(all, one === ANY ? EITHER : one);
  }, TRUE);
  return matched === TRUE ? said : said | TRUE;
}

interface Facts {
  readonly spec: Spec;
  readonly denies: boolean;
  readonly params: Value;
  readonly request: PodRequest;
  readonly labels: Labels | undefined;
}

function validated({ spec, denies, ...facts }: Facts, choices: Choices): Admission {
  const onFailure = spec.failurePolicy === 'Ignore' ? TRUE : FALSE;
  const names = namesOf(facts);
  const conditions = new Evaluation(choices, names(undefined));
  const every = (list: readonly { expression?: string }[], { evaluation, failure }: How): Outcomes =>
    list.reduce<Outcomes>((all, { expression }) => {
      const outcomes = truth(valueIn(evaluation, expression));
      return and(all, failure === undefined ? outcomes : (outcomes & EITHER) | (outcomes & FAILS ? failure : 0));
    }, TRUE);
  const met = every(spec.matchConditions ?? [], { evaluation: conditions, failure: undefined });
  if (met === FALSE) return TRUE;
  const evaluation = withVariables(spec, choices, names);
  const valid = denies ? every(spec.validations ?? [], { evaluation, failure: onFailure }) : TRUE;
  const noted = annotated(spec, evaluation, onFailure);
  const refusal = denies ? onFailure : TRUE;
  return (met & TRUE ? and(valid, noted) : 0) | (met & FALSE ? TRUE : 0) | (met & FAILS ? refusal : 0);
}

interface How {
  readonly evaluation: Evaluation;
  /** What a failure counts as; it stays one where left out. */
  readonly failure: Outcomes | undefined;
}

function annotated({ auditAnnotations = [] }: Spec, evaluation: Evaluation, onFailure: Outcomes): Admission {
  if (onFailure === TRUE) return TRUE;
  return auditAnnotations.reduce<Admission>((all, { valueExpression }) => {
    const value = valueIn(evaluation, valueExpression);
    if (value === FAILURE) return FALSE;
    return mayFail(value) ? and(all, EITHER) : all;
  }, TRUE);
}

function valueIn(evaluation: Evaluation, expression: string | undefined): Value {
  const node = expression === undefined ? undefined : parseExpression(expression);
  return node === undefined ? ANYTHING : evaluation.of(node);
}

type Named = (variables: Value | undefined) => Names;

function namesOf({ params, request, labels }: Omit<Facts, 'spec' | 'denies'>): Named {
  const known = new Map<string, Value>([
    ['object', request.object],
    ['oldObject', request.operation === 'CREATE' ? null : ANYTHING],
    ['request', requestValue(request)],
    ['params', params],
    ['namespaceObject', namespaceValue(request.namespace, labels)],
    ['authorizer', ANYTHING],
  ]);
  return (variables) => ({ get: (name) => (name === 'variables' ? variables : known.get(name)) });
}

/** Each variable sees those before it. */
function withVariables({ variables = [] }: Spec, choices: Choices, names: Named): Evaluation {
  const there: Record<string, Value> = {};
  for (const { name = '', expression } of variables) {
    const evaluation = new Evaluation(choices, names(new Mapping({ there })));
    there[name] = valueIn(evaluation, expression);
  }
  return new Evaluation(choices, names(new Mapping({ there })));
}

function namespaceValue(name: string, labels: Labels | undefined): Value {
  const all = labels === undefined ? {} : { labels: fromJson({ ...labels, 'kubernetes.io/metadata.name': name }) };
  return new Mapping({ there: { metadata: new Mapping({ there: { name, ...all }, open: true }) }, open: true });
}
