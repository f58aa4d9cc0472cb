/** What a test can put beside the API server: resources of its own, and servers that it asks. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { describeCluster } from './describe-cluster.ts';
import { waitFor } from './wait.ts';

describeCluster('around the API server', { skip: ['kube-scheduler'] }, (cluster) => {
  it('custom resources are kept as they are written', async () => {
    await cluster().define('policy.networking.k8s.io');
    const spec = { tier: 'Admin', priority: 10, subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] };
    const body = { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name: 'deny' }, spec };
    const made = await cluster().request('POST', '/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies', { body });
    expect(made.json()).toMatchObject({ spec });
  });

  it('a webhook of the test is asked, with a certificate of the cluster', async () => {
    const { certificate, key } = cluster().pki.issue('webhook', { name: 'webhook', hosts: ['127.0.0.1'] });
    const webhook = createServer({ cert: certificate, key }, (request, response) => void refuse(request, response)).listen(0, '127.0.0.1');
    await once(webhook, 'listening');
    const { port } = webhook.address() as AddressInfo;
    await cluster().kubectl(['apply', '-f', '-'], webhookConfiguration(port, cluster().pki.authority.certificate));
    const service = ['create', 'service', 'clusterip', 'x', '--tcp=80', '--dry-run=server'];
    const answer = (): Promise<string> => cluster().kubectl(service).catch(String);
    await waitFor('refusal', async () => (await answer()).includes('the webhook says no'));
    webhook.close();
  });
});

async function refuse(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid } = (JSON.parse(await text(request)) as { request: { uid: string } }).request;
  const refusal = { uid, allowed: false, status: { message: 'the webhook says no' } };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: refusal }));
}

function webhookConfiguration(port: number, authority: string): string {
  const webhook = {
    name: 'webhook.castellan.test',
    clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(authority).toString('base64') },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['services'] }],
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
  };
  const [apiVersion, kind] = ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'];
  return JSON.stringify({ apiVersion, kind, metadata: { name: 'webhook' }, webhooks: [webhook] });
}
