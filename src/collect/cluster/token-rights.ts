/** What the account of a token may do beside one right, before the token is shown to anybody but the API server. */
import { isRecord } from '../../lib/record.ts';
import { Client, type ClientOptions } from './client.ts';
import type { Connection } from './connection.ts';
import { noAnswer } from './request-error.ts';

export interface TokenRights {
  /** Rights beside the one that is meant and those that everybody has: `list secrets`, `get /metrics`. Sorted. */
  others: string[];
  /** An authorizer did not tell all, as webhooks do not. */
  isIncomplete: boolean;
}

const RULES = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
/** Whoever is signed in may ask about oneself, and read which CAs there are (system:basic-user, system:cluster-trust-bundle-discovery). */
const OF_EVERYBODY =
  /^create selfsubject(?:access|rules)?reviews\.(?:authorization|authentication)\.k8s\.io$|^(?:get|list|watch) clustertrustbundles\.certificates\.k8s\.io$/;
/** system:discovery, system:public-info-viewer, system:service-account-issuer-discovery. */
const PUBLIC_PATHS = /^get \/(?:apis?|openapi|healthz|livez|readyz|version|\.well-known|openid)(?:\/.*)?$/;

/**
 * `right` is a verb and a resource: `get nodes/configz`. Asks about the whole cluster and these namespaces: what a
 * RoleBinding gives elsewhere is not seen. `connection` signs in by the token.
 */
export async function rightsOfToken(
  connection: Connection,
  right: string,
  { namespaces, ...options }: ClientOptions & { namespaces: readonly string[] },
): Promise<TokenRights> {
  const client = new Client(connection, options);
  const others = new Set<string>();
  let isIncomplete = false;
  for (const namespace of namespaces) {
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
    const answer = await client.post(RULES, body).catch((error: unknown) => Promise.reject(noAnswer(error, connection)));
    const status = isRecord(answer) && isRecord(answer.status) ? answer.status : {};
    isIncomplete ||= status.incomplete !== false || !Array.isArray(status.resourceRules);
    for (const each of rightsIn(status)) if (each !== right && !OF_EVERYBODY.test(each) && !PUBLIC_PATHS.test(each)) others.add(each);
  }
  return { others: [...others].toSorted(), isIncomplete };
}

function rightsIn(status: Readonly<Record<string, unknown>>): string[] {
  const onResources = rulesIn(status.resourceRules).flatMap((rule) => {
    const resources = textsIn(rule.resources).flatMap((resource) =>
      textsIn(rule.apiGroups).map((group) => (group === '' ? resource : `${resource}.${group}`)),
    );
    return pairs(textsIn(rule.verbs), resources);
  });
  const onPaths = rulesIn(status.nonResourceRules).flatMap((rule) => pairs(textsIn(rule.verbs), textsIn(rule.nonResourceURLs)));
  return [...onResources, ...onPaths];
}

function pairs(verbs: readonly string[], things: readonly string[]): string[] {
  return verbs.flatMap((verb) => things.map((thing) => `${verb} ${thing}`));
}

function rulesIn(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? (list as unknown[]).filter(isRecord) : [];
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? (list as unknown[]).filter((each) => typeof each === 'string') : [];
}
