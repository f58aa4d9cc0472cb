/**
 * What a bound policy says to a write, in the order of k8s.io/apiserver/pkg/admission/plugin/policy/validating: does it
 * match, are its conditions true, are its validations; a failure counts by its failure policy.
 */
import type { ApiObject, Labels, Tables } from '../../model/index.ts';
import {
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

/** What a decision costs beside the steps of its expressions. */
const DECISION = 50;

export function decide({ policy, binding }: BoundPolicy, request: PodRequest, { tables, budget }: Surroundings): Admission {
  const spec = policy.body.spec ?? {};
  // Finding parameters goes through all objects.
  budget.steps -= DECISION + (spec.paramKind === undefined ? 0 : tables.objects.all.length);
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
  const facts = { spec, denies, request, labels, budget };
  const said = parameters.reduce<Admission>((all, params) => (all === FALSE ? all : and(all, validated({ ...facts, params }))), TRUE);
  return matched === TRUE ? said : said | TRUE;
}

interface Facts {
  readonly spec: Spec;
  readonly denies: boolean;
  readonly params: Value;
  readonly request: PodRequest;
  readonly labels: Labels | undefined;
  readonly budget: Budget;
}

/** Each expression is judged by itself, so that what one of them asks does not multiply with what others do. */
function validated(facts: Facts): Admission {
  const { spec, denies } = facts;
  const onFailure = spec.failurePolicy === 'Ignore' ? TRUE : FALSE;
  const met = (spec.matchConditions ?? []).reduce<Outcomes>(
    (all, { expression }) => and(all, outcomesOf(facts, expression, 'condition')),
    TRUE,
  );
  if (met === FALSE) return TRUE;
  let said: Admission = TRUE;
  for (const { expression } of denies ? (spec.validations ?? []) : []) {
    if (said === FALSE) break;
    const outcomes = withFailures(outcomesOf(facts, expression, 'validation'), onFailure);
    // Whoever writes the pod may write so much that the server gives up, which then lets it in.
    said = and(said, onFailure === TRUE && mayTakeLong(expression) ? outcomes | TRUE : outcomes);
  }
  // A note for the audit log that fails refuses, whatever the binding does.
  for (const { valueExpression } of onFailure === FALSE ? (spec.auditAnnotations ?? []) : [])
    said = and(said, withFailures(outcomesOf(facts, valueExpression, 'annotation'), FALSE));
  const refusal = denies ? onFailure : TRUE;
  return (met & TRUE ? said : 0) | (met & FALSE ? TRUE : 0) | (met & FAILS ? refusal : 0);
}

/** What goes through lists or long texts costs more the more the object holds, and the server spends no more than so much. */
function mayTakeLong(expression = ''): boolean {
  return (
    /\.(?:all|exists|exists_one|map|filter|matches|split|replace|join|find|findAll)\s*\(/.test(expression) ||
    /\bvariables\b/.test(expression)
  );
}

function withFailures(outcomes: Outcomes, failure: Outcomes): Outcomes {
  return (outcomes & EITHER) | (outcomes & FAILS ? failure : 0);
}

/** Of an annotation only whether it fails; a condition sees no variables. */
function outcomesOf(facts: Facts, expression: string | undefined, part: 'condition' | 'validation' | 'annotation'): Outcomes {
  const names = namesOf(facts);
  return bounded(() => {
    const choices = new Choices(facts.budget);
    return choices.outcomes(() => {
      const evaluation = part === 'condition' ? new Evaluation(choices, names(undefined)) : withVariables(facts, choices, names);
      const value = valueIn(evaluation, expression);
      if (part !== 'annotation') return truth(value);
      return value === FAILURE ? FAILS : mayFail(value) ? TRUE | FAILS : TRUE;
    });
  });
}

function valueIn(evaluation: Evaluation, expression: string | undefined): Value {
  const node = expression === undefined ? undefined : parseExpression(expression);
  return node === undefined ? ANYTHING : evaluation.of(node);
}

type Named = (variables: Value | undefined) => Names;

function namesOf({ params, request, labels }: Facts): Named {
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
function withVariables({ spec: { variables = [] } }: Facts, choices: Choices, names: Named): Evaluation {
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
