/** Objects of worlds, beside those of the graph's examples: pods that really run. */
import type { PlainObject } from '../../../src/graph/family.ts';
import { admin, account, secret } from '../../../src/graph/example-objects.ts';
import { BOX } from '../node/images.ts';
import type { Place } from './way.ts';

/** The Secret `NS/db`, which holds the word. */
export function wordSecret({ word }: Pick<Place, 'word'>, at: string): PlainObject {
  return { ...secret(at), stringData: { word } };
}

/** A container that sleeps, and ends at once when it is told to. */
export function box(name = 'c', more: PlainObject = {}): PlainObject {
  return { name, image: BOX, command: ['sleep', '100000'], ...more };
}

/** A pod with one such container on node1, which nobody gave a token. */
export function boxPod(at: string, spec: PlainObject = {}, container: PlainObject = {}): PlainObject {
  const [namespace = '', name = ''] = at.split('/');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: { app: name } },
    spec: {
      nodeName: 'node1',
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      containers: [box('c', container)],
      ...spec,
    },
  };
}

/** The same with folders of the node at `/h0`, `/h1` …; a path that begins with `ro:` is mounted read-only. */
export function hostPod(at: string, paths: readonly string[], spec: PlainObject = {}, container: PlainObject = {}): PlainObject {
  const volumes = paths.map((path, index) => ({ name: `h${index}`, hostPath: { path: path.replace(/^ro:/, '') } }));
  const volumeMounts = paths.map((path, index) => ({ name: `h${index}`, mountPath: `/h${index}`, readOnly: path.startsWith('ro:') }));
  return boxPod(at, { volumes, ...spec }, { volumeMounts, ...container });
}

/** What lets a pod run as an account and mount its token. */
export function withToken(serviceAccountName: string): PlainObject {
  return { serviceAccountName, automountServiceAccountToken: true };
}

/** The account `NS/strong`, which holds the cluster. */
export function strongIn(ns: string): PlainObject[] {
  return [account(`${ns}/strong`), ...admin(`${ns}/strong`)];
}

/** What Pod Security lets into a namespace at its strictest. */
export const RESTRICTED: PlainObject = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  runAsUser: 1000,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

export const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';
