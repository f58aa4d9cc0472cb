/** Changing what the API server asks on every write, and switching off what it asks. */
import type { ApiObject } from '../../model/index.ts';
import { account, allow, allowEverywhere, namespace, node, pod } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import type { By } from '../pod-admission.ts';
import { right } from '../right.ts';
import type { Scene } from '../scene.ts';
import { BOTH, podMakerBy } from './run-pods.ts';

const MUTATING = right('create,update,patch mutatingwebhookconfigurations');
const VALIDATING = right('create,update,patch validatingwebhookconfigurations');
const POLICY = right('create,update,patch mutatingadmissionpolicies');
const POLICY_BINDING = right('create,update,patch mutatingadmissionpolicybindings');
const OFF_VALIDATING = right('delete,update,patch validatingwebhookconfigurations');
const OFF_POLICY = right('delete,update,patch validatingadmissionpolicies');
const OFF_BINDING = right('delete,update,patch validatingadmissionpolicybindings');
const CONFIG_MAPS = right('update,patch,delete configmaps');
const CRDS = right('create,update,patch,delete customresourcedefinitions');
const CONVERSION = right('update,patch customresourcedefinitions');
const API_SERVICES = right('create,update,patch apiservices');

/** MutatingAdmissionPolicy is beta from here on. */
const POLICIES_SINCE = 34;

export const family = defineFamily({
  edges: {
    MUTATING_WEBHOOK: {
      says: 'put itself before every write to the API and change it',
      mitigation: 'Let nobody but cluster administrators write webhook configurations.',
    },
    VALIDATING_WEBHOOK_TAP: {
      says: 'have every object that is written sent to itself',
      mitigation: 'Let nobody but cluster administrators write webhook configurations.',
    },
    MUTATING_POLICY: {
      says: 'change every object that is written by a policy',
      mitigation: 'Let nobody but cluster administrators write admission policies.',
      versions: 'beta from 1.34 on',
    },
    POLICY_DISABLE: {
      says: 'switch off the policy that would refuse it',
      mitigation: 'Protect policies and webhook configurations from those whom they confine.',
    },
    POLICY_PARAM_TAMPER: {
      says: 'change the parameters that a policy reads',
      mitigation: 'Keep parameters of policies where nobody else writes.',
    },
    CRD_TAKEOVER: {
      says: 'replace or delete definitions of custom resources',
      mitigation: 'Let nobody but cluster administrators write custom resource definitions.',
    },
    CRD_CONVERSION_WEBHOOK: {
      says: 'have custom resources sent to itself to be converted',
      mitigation: 'Let nobody but cluster administrators write custom resource definitions.',
    },
    APISERVICE_HIJACK: { says: 'answer for a part of the API', mitigation: 'Let nobody but cluster administrators write APIServices.' },
  },
  rights: [
    MUTATING,
    VALIDATING,
    POLICY,
    POLICY_BINDING,
    OFF_VALIDATING,
    OFF_POLICY,
    OFF_BINDING,
    CONFIG_MAPS,
    CRDS,
    CONVERSION,
    API_SERVICES,
  ],
  draw(scene) {
    const admin = scene.builder.vertex('ClusterAdmin');
    for (const { vertex } of scene.held(MUTATING)) scene.step('MUTATING_WEBHOOK', vertex, admin);
    // Only what is written from then on, and not what is there.
    for (const { vertex } of scene.held(VALIDATING))
      scene.maybe('VALIDATING_WEBHOOK_TAP', 'unknown', { needs: vertex, gives: scene.builder.vertex('AllSecrets') });
    const [policy, bound] = [scene.rights.in(POLICY, ''), scene.rights.in(POLICY_BINDING, '')];
    if (policy !== undefined && bound !== undefined && scene.minor >= POLICIES_SINCE) scene.step('MUTATING_POLICY', [policy, bound], admin);
    drawDisabling(scene);
    drawParameters(scene);
    for (const { vertex } of scene.held(CRDS)) scene.step('CRD_TAKEOVER', vertex, scene.builder.vertex('Operator data'));
    for (const { vertex } of scene.held(CONVERSION))
      scene.step('CRD_CONVERSION_WEBHOOK', vertex, scene.builder.vertex('TrafficIntercept/custom resources'));
    for (const { vertex } of scene.held(API_SERVICES))
      scene.step('APISERVICE_HIJACK', vertex, scene.builder.vertex('TrafficIntercept/aggregated APIs'));
  },
  examples: () => [
    {
      edge: 'MUTATING_WEBHOOK',
      objects: [account('a/x'), ...allowEverywhere('patch mutatingwebhookconfigurations')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'MUTATING_WEBHOOK',
      objects: [account('a/x'), ...allowEverywhere('delete mutatingwebhookconfigurations')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'deleting one changes nothing that is written',
    },
    {
      edge: 'VALIDATING_WEBHOOK_TAP',
      objects: [account('a/x'), ...allowEverywhere('create validatingwebhookconfigurations')],
      from: 'ServiceAccount/a/x',
      to: 'AllSecrets',
    },
    {
      edge: 'VALIDATING_WEBHOOK_TAP',
      objects: [account('a/x'), ...allow('a', 'create validatingwebhookconfigurations')],
      from: 'ServiceAccount/a/x',
      to: 'AllSecrets',
      because: 'they lie in no namespace, so a RoleBinding grants nothing',
    },
    {
      edge: 'MUTATING_POLICY',
      objects: [account('a/x'), ...allowEverywhere('create mutatingadmissionpolicies', 'create mutatingadmissionpolicybindings')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      context: { minor: 34 },
    },
    {
      edge: 'MUTATING_POLICY',
      objects: [account('a/x'), ...allowEverywhere('create mutatingadmissionpolicies')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'a policy without a binding does nothing',
    },
    {
      edge: 'POLICY_DISABLE',
      objects: guarded('delete validatingwebhookconfigurations'),
      from: 'ServiceAccount/a/x',
      to: 'PolicyBypass/ValidatingWebhookConfiguration/guard',
    },
    {
      edge: 'POLICY_DISABLE',
      objects: guarded('get validatingwebhookconfigurations'),
      from: 'ServiceAccount/a/x',
      to: 'PolicyBypass/ValidatingWebhookConfiguration/guard',
      because: 'reading it switches nothing off',
    },
    {
      edge: 'POLICY_PARAM_TAMPER',
      objects: [account('a/x'), parameters(), ...allow('a', 'patch configmaps:limits')],
      from: 'ServiceAccount/a/x',
      to: 'PolicyBypass/ValidatingAdmissionPolicy/p',
    },
    {
      edge: 'POLICY_PARAM_TAMPER',
      objects: [account('a/x'), parameters(), ...allow('a', 'patch configmaps:other')],
      from: 'ServiceAccount/a/x',
      to: 'PolicyBypass/ValidatingAdmissionPolicy/p',
      because: 'the policy reads another one',
    },
    {
      edge: 'CRD_TAKEOVER',
      objects: [account('a/x'), ...allowEverywhere('delete customresourcedefinitions')],
      from: 'ServiceAccount/a/x',
      to: 'Operator data',
    },
    {
      edge: 'CRD_TAKEOVER',
      objects: [account('a/x'), ...allowEverywhere('list customresourcedefinitions')],
      from: 'ServiceAccount/a/x',
      to: 'Operator data',
      because: 'listing changes nothing',
    },
    {
      edge: 'CRD_CONVERSION_WEBHOOK',
      objects: [account('a/x'), ...allowEverywhere('patch customresourcedefinitions')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/custom resources',
    },
    {
      edge: 'CRD_CONVERSION_WEBHOOK',
      objects: [account('a/x'), ...allowEverywhere('patch customresourcedefinitions/status')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/custom resources',
      because: 'the status names no webhook',
    },
    {
      edge: 'APISERVICE_HIJACK',
      objects: [account('a/x'), ...allowEverywhere('create apiservices')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/aggregated APIs',
    },
    {
      edge: 'APISERVICE_HIJACK',
      objects: [account('a/x'), pod('a/p'), ...allowEverywhere('get apiservices')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/aggregated APIs',
      because: 'reading answers for nothing',
    },
  ],
});

/** Whoever switches off what would refuse a privileged pod can run one, where Pod Security does not stand in the way. */
function drawDisabling(scene: Scene): void {
  const rights = { ValidatingWebhookConfiguration: [OFF_VALIDATING], ValidatingAdmissionPolicy: [OFF_POLICY] };
  for (const [kind, off] of Object.entries(rights)) {
    for (const object of scene.tables[kind as keyof typeof rights].all) {
      const gone = scene.builder.vertex(`PolicyBypass/${kind}/${object.name}`);
      for (const asked of off) {
        for (const { vertex, name } of scene.held(asked))
          if (name === undefined || name === object.name)
            scene.step({ edge: 'POLICY_DISABLE', where: { object, path: 'metadata.name' } }, vertex, gone);
      }
    }
  }
  // A policy does nothing without its binding.
  for (const object of scene.tables.ValidatingAdmissionPolicyBinding.all) {
    const gone = scene.builder.vertex(`PolicyBypass/ValidatingAdmissionPolicy/${object.body.spec?.policyName ?? ''}`);
    for (const { vertex, name } of scene.held(OFF_BINDING))
      if (name === undefined || name === object.name)
        scene.step({ edge: 'POLICY_DISABLE', where: { object, path: 'metadata.name' } }, vertex, gone);
  }
  for (const where of scene.namespaces) {
    if (scene.enforced(where).level !== 'privileged') continue;
    for (const refuser of scene.podAdmission.refusers(where)) for (const by of BOTH) drawWithout(scene, { where, refuser, by });
  }
}

interface Disabled {
  readonly where: string;
  readonly refuser: ApiObject;
  readonly by: By;
}

function drawWithout(scene: Scene, { where, refuser, by }: Disabled): void {
  const maker = podMakerBy(scene, where, by);
  // One vertex where policies do not tell the two apart.
  if (by === 'controller' && maker === podMakerBy(scene, where, 'somebody')) return;
  const before = scene.podAdmission.ofEscape(where, { by });
  const after = scene.podAdmission.ofEscape(where, { by, without: refuser });
  if (after === 'refused' || after === before) return;
  const needs = [maker, scene.builder.vertex(`PolicyBypass/${refuser.kind}/${refuser.name}`)];
  const at = { object: refuser, path: 'metadata.name' };
  if (after === 'passes') scene.step({ edge: 'POD_CREATE_PRIVILEGED', where: at }, needs, scene.allNodes());
  else scene.maybe('POD_CREATE_PRIVILEGED', 'unknown', { needs, gives: scene.allNodes(), where: at });
}

function drawParameters(scene: Scene): void {
  for (const object of scene.tables.ValidatingAdmissionPolicyBinding.all) {
    const { spec } = object.body;
    const { name, namespace: where } = spec?.paramRef ?? {};
    if (name === undefined || where === undefined || spec?.policyName === undefined) continue;
    const gone = scene.builder.vertex(`PolicyBypass/ValidatingAdmissionPolicy/${spec.policyName}`);
    for (const vertex of [scene.rights.in(CONFIG_MAPS, where), scene.rights.in(CONFIG_MAPS, where, name)]) {
      if (vertex !== undefined) scene.step({ edge: 'POLICY_PARAM_TAMPER', where: { object, path: 'spec.paramRef' } }, vertex, gone);
    }
  }
}

function guarded(asked: string): Readonly<Record<string, unknown>>[] {
  const webhooks = [
    { name: 'guard.example.org', rules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['*'], resources: ['pods'] }] },
  ];
  return [
    node('n'),
    namespace('a'),
    account('a/x'),
    { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'guard' }, webhooks },
    ...allow('a', 'create pods'),
    ...allowEverywhere(asked),
  ];
}

function parameters(): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'], paramRef: { name: 'limits', namespace: 'a' } },
  };
}
