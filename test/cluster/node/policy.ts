/**
 * Holds the pods of one node to the network policies of the cluster. It watches pods, namespaces and policies, and
 * writes the whole table of the packet filter when one of them changes.
 *
 *   node policy.ts NODE SERVER CA CERTIFICATE KEY [FAULT]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import type { Namespace, Pod, Policy } from './policy-objects.ts';
import { policyTable } from './policy-table.ts';

const [node = '', server = '', ca = '', cert = '', key = '', fault = ''] = process.argv.slice(2);
const credentials = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
const pods = watch<Pod>('/api/v1/pods');
const namespaces = watch<Namespace>('/api/v1/namespaces');
const policies = watch<Policy>('/apis/networking.k8s.io/v1/networkpolicies');
let written = '';
let timer: NodeJS.Timeout | undefined;

/** The objects of a kind as they are now, kept up by a watch that starts with all of them. */
function watch<T extends { metadata: { uid: string } }>(path: string): Map<string, T> {
  const items = new Map<string, T>();
  function begin(): void {
    items.clear();
    const asked = request(new URL(`${path}?watch=1`, server), credentials, (response) => {
      createInterface({ input: response }).on('line', (line) => {
        const { type, object } = JSON.parse(line) as { type: string; object: T };
        if (type === 'ERROR') asked.destroy();
        else if (type === 'DELETED') items.delete(object.metadata.uid);
        else items.set(object.metadata.uid, object);
        timer ??= setTimeout(write, 50);
      });
    });
    asked.on('error', () => undefined).on('close', () => setTimeout(begin, 500));
    asked.end();
  }
  begin();
  return items;
}

function write(): void {
  timer = undefined;
  const text = policyTable({
    node,
    fault,
    pods: [...pods.values()],
    namespaces: [...namespaces.values()],
    policies: [...policies.values()],
  });
  if (text === written) return;
  const { status, stderr, error } = spawnSync('nft', ['-f', '-'], { input: text, encoding: 'utf8' });
  if (status === 0) written = text;
  // A machine that is short of something for a moment must not leave the pods to the table before.
  else timer = setTimeout(write, 500);
  console.log(new Date().toISOString(), status === 0 ? 'written' : `refused: ${error?.message ?? stderr}\n${text}`);
}
