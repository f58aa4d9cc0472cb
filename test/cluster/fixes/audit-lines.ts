/** What a test reads of an audit log, by itself: whole lines, and whom the authorizer refused. */
import { readFileSync } from 'node:fs';
import { rightText } from '../../../src/changes/requests/lost.ts';

export function linesOf(file: string): string[] {
  // What is being written has no end yet.
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

/**
 * `alice: list secrets in shop`, as proofs tell it. Kubelets are left out: they ask for what a pod mounts until the server
 * has heard of the pod, whatever roles and bindings say.
 */
export function denialsIn(lines: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const line of lines) {
    const { user, verb, objectRef, requestURI, annotations } = JSON.parse(line) as Event;
    if (annotations?.['authorization.k8s.io/decision'] !== 'forbid' || user.username.startsWith('system:node:')) continue;
    const { apiGroup = '', resource = '', subresource, namespace = '', name } = objectRef ?? {};
    const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
    const names = name === undefined ? [] : [name];
    const path = objectRef === undefined ? (requestURI.split('?', 1)[0] ?? '') : '';
    found.add(`${user.username}: ${rightText({ verb, apiGroup, resource: whole, namespace, names, path })}`);
  }
  return found;
}

interface Event {
  readonly user: { readonly username: string };
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: Readonly<Partial<Record<'apiGroup' | 'resource' | 'subresource' | 'namespace' | 'name', string>>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
