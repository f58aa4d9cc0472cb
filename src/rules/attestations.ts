/** What people say of a use that no record shows: that it is needed, or that it is not. Said by somebody, for a reason, for a time. */

export interface Attestation {
  readonly id: string;
  readonly needed: boolean;
  /** As it was written. */
  readonly text: string;
  readonly what: Attested;
  /** `ServiceAccount/shop/cart`, `User/ann`, `Group/dev`; a workload for its token or its connections. */
  readonly of: string;
  readonly who: string;
  readonly why: string;
  /** A day; it counts to its end. */
  readonly until: string;
}

export type Attested =
  | {
      readonly kind: 'right';
      readonly verbs: readonly string[];
      readonly apiGroup: string;
      /** With its subresource; '' for a path. */
      readonly resource: string;
      readonly path: string;
      /** '' for everywhere. */
      readonly namespace: string;
    }
  | { readonly kind: 'token' }
  /** That others than the API server know the workload by its account. */
  | { readonly kind: 'identity' }
  | { readonly kind: 'connection'; readonly to: string };

/**
 * `get,list secrets in shop`, `create pods/exec`, `update deployments.apps/scale in shop`, `get /metrics`, `token`,
 * `identity`, `connection to shop/db[StatefulSet]`. Undefined where it is none of these.
 */
export function attestedIn(text: string): Attested | undefined {
  if (text === 'token' || text === 'identity') return { kind: text };
  const [, to] = /^connection to (\S+)$/.exec(text) ?? [];
  if (to !== undefined) return { kind: 'connection', to };
  const [, verbText = '', what, namespace = ''] = /^([a-z*]+(?:,[a-z*]+)*) (\S+)(?: in (\S+))?$/.exec(text) ?? [];
  if (what === undefined) return undefined;
  const verbs = verbText.split(',');
  if (what.startsWith('/')) return { kind: 'right', verbs, apiGroup: '', resource: '', path: what, namespace };
  const [whole = '', ...below] = what.split('/');
  const [main = '', ...group] = whole === '*' ? ['*'] : whole.split('.');
  return {
    kind: 'right',
    verbs,
    apiGroup: whole === '*' ? '*' : group.join('.'),
    resource: [main, ...below].join('/'),
    path: '',
    namespace,
  };
}

export function attestationText({ needed, text, of, who, why, until }: Attestation): string {
  return `${who} says until ${until} that ${text} of ${of} is ${needed ? '' : 'not '}needed: ${why}`;
}
