/** Tokens of service accounts that lie in containers, and the way from there to the API server. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { policy } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { TOKEN_FILE, boxPod, withToken } from '../objects.ts';
import { type Place, type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'POD_MOUNTED_TOKEN',
      nodes: true,
      from: inPod,
      to: ({ x }) => `ServiceAccount/${x}`,
      world: ({ ns }) => [boxPod(`${ns}/p`, withToken('x'))],
      take: (attack) => useToken(attack, TOKEN_FILE),
      nearest: {
        because: 'the pod asks for no token',
        world: ({ ns }) => [boxPod(`${ns}/p`, { serviceAccountName: 'x' })],
        refusal: /No such file/,
      },
    }),
    way({
      edge: 'POD_PROJECTED_TOKEN',
      nodes: true,
      from: inPod,
      to: ({ x }) => `ServiceAccount/${x}`,
      world: ({ ns }) => [projected(ns, {})],
      take: (attack) => useToken(attack, '/t/token'),
      nearest: { because: 'the token is for another audience', world: ({ ns }) => [projected(ns, { audience: 'vault' })], refusal: /401/ },
    }),
    way({
      edge: 'APISERVER_REACH',
      nodes: true,
      from: inPod,
      to: () => 'APIServer',
      // Not on the API server's own node: what pods say to the node that they are on, the keeper of policies lets pass.
      world: ({ ns }) => [boxPod(`${ns}/p`, { nodeName: 'node2' })],
      take: async (attack) => {
        // A server of TLS answers what is no greeting by hanging up; one that is not reached says nothing.
        await attack.run('echo | timeout 3 nc 10.96.0.1 443');
      },
      nearest: {
        because: 'its policy lets it talk to nobody',
        world: ({ ns }) => [
          policy(`${ns}/closed`, { podSelector: { matchLabels: { app: 'p' } }, policyTypes: ['Egress'], egress: [] }),
          boxPod(`${ns}/p`, { nodeName: 'node2' }),
        ],
        refusal: /ended with/,
      },
    }),
  ],
};

function inPod({ ns }: Place): string {
  return `Container/${ns}/p/c`;
}

function projected(ns: string, more: PlainObject): PlainObject {
  const volumes = [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token', ...more } }] } }];
  return boxPod(`${ns}/p`, { serviceAccountName: 'x', volumes }, { volumeMounts: [{ name: 't', mountPath: '/t' }] });
}

async function useToken(attack: Attack, file: string): Promise<void> {
  const token = await attack.run(`cat ${file}`);
  await attack.is(`system:serviceaccount:${attack.ns}:x`, { token });
}
