/** Conditions of what is in use: kinds, webhooks, settings of pods and Services. */
import type { ApiObject } from '../../model/index.ts';
import { type ConditionTables, type Judged, type Question, absent, found } from './condition.ts';
import { flagNames } from './process-conditions.ts';
import { byHolders, holdersOf } from './rights-conditions.ts';

export function aggregatedApi({ tables }: Question): Judged {
  const services = tables.APIService.all.filter(({ body }) => body.spec?.service !== undefined);
  return services.length > 0
    ? found('APIs are served by others', services, 'spec.service')
    : absent(tables, 'APIService that leads to another server');
}

export function clusterCustomResources({ tables }: Question): Judged {
  const wide = tables.CustomResourceDefinition.all.filter(({ body }) => body.spec?.scope === 'Cluster');
  return wide.length > 0
    ? found('custom resources have no namespace', wide, 'spec.scope')
    : absent(tables, 'custom resource without a namespace');
}

export function siblingCustomResources({ tables }: Question): Judged {
  const groups = new Map<string, ApiObject<'CustomResourceDefinition'>[]>();
  for (const each of tables.CustomResourceDefinition.all) {
    const group = each.body.spec?.group ?? '';
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [each]);
    else members.push(each);
  }
  const siblings = [...groups.values()].filter((members) => members.length > 1).flat();
  return siblings.length > 0
    ? found('definitions share an API group', siblings, 'spec.group')
    : absent(tables, 'API group with two definitions');
}

const MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets';

export function mountableSecrets({ tables }: Question): Judged {
  const limited = tables.ServiceAccount.all.filter(({ annotations }) => annotations[MOUNTABLE] === 'true');
  return limited.length > 0
    ? found('service accounts limit what may be mounted', limited, `metadata.annotations["${MOUNTABLE}"]`)
    : absent(tables, `service account with ${MOUNTABLE}`);
}

export function nodeWebhook({ tables }: Question): Judged {
  const hooks = tables.ValidatingWebhookConfiguration.all.filter(({ body }) =>
    (body.webhooks ?? []).some(({ rules = [] }) =>
      rules.some(({ resources = [] }) => resources.some((each) => each === 'nodes' || each === '*' || each === '*/*')),
    ),
  );
  return hooks.length > 0 ? found('a webhook validates Nodes', hooks, 'webhooks') : absent(tables, 'validating webhook for Nodes');
}

export function emptySeccomp({ tables }: Question): Judged {
  const users = tables.workloads.all.filter(({ pod, containers }) =>
    [pod.securityContext?.seccompProfile, ...containers.map(({ spec }) => spec.securityContext?.seccompProfile)].some(
      (profile) => profile?.type === 'Localhost' && !profile.localhostProfile,
    ),
  );
  const objects = users.map(({ object }) => object);
  return users.length > 0
    ? found('pods name an empty profile', objects, users[0]?.podPath ?? 'spec')
    : absent(tables, 'pod with an empty localhost profile');
}

export function hostNetwork({ tables }: Question): Judged {
  const users = tables.workloads.all.filter(({ pod, namespace }) => pod.hostNetwork === true && namespace !== 'kube-system');
  const objects = users.map(({ object }) => object);
  return users.length > 0
    ? found('pods use the network of their node', objects, `${users[0]?.podPath ?? 'spec'}.hostNetwork`)
    : absent(tables, 'pod on the network of its node outside kube-system');
}

export function portworx({ tables }: Question): Judged {
  const classes = tables.StorageClass.all.filter(({ body }) => body.provisioner === 'kubernetes.io/portworx-volume');
  return classes.length > 0
    ? found('a StorageClass uses Portworx', classes, 'provisioner')
    : absent(tables, 'StorageClass of kubernetes.io/portworx-volume');
}

/** CVE-2020-8554: DenyServiceExternalIPs, or a policy that looks at the field; else whoever may create Services can. */
export function externalIps({ tables }: Question): Judged {
  const users = tables.Service.all.filter(({ body }) => (body.spec?.externalIPs ?? []).length > 0);
  const denied = flagNames({
    component: 'kube-apiserver',
    instances: [],
    tables,
    argument: 'kube-apiserver:--enable-admission-plugins=DenyServiceExternalIPs',
  });
  const policy = policyAbout(tables, 'externalIPs');
  const statusWriters = holdersOf(tables, { group: '', resources: ['services/status'], verbs: ['update', 'patch'] });
  if (statusWriters.length > 0) return byHolders(tables, statusWriters, 'write services/status');
  const more = users.length === 0 ? '' : `, and ${users.length === 1 ? 'a Service uses' : `${users.length} Services use`} externalIPs`;
  const evidence = users.slice(0, 10).map((object) => ({ object, path: 'spec.externalIPs' }));
  if (denied.holds === 'yes') {
    if (users.length === 0)
      return { ...denied, holds: 'no', because: 'DenyServiceExternalIPs is on, and nobody but the system writes services/status' };
    return { holds: 'yes', because: `DenyServiceExternalIPs is on${more} from before, which it leaves to them`, evidence };
  }
  if (policy !== undefined) {
    const own = { object: policy, path: 'spec' };
    return { holds: 'no', because: `the admission policy ${policy.name} looks at externalIPs${more}`, evidence: [own, ...evidence] };
  }
  if (denied.holds === 'no')
    return {
      holds: 'yes',
      because: `DenyServiceExternalIPs is off and no admission policy looks at externalIPs${more}`,
      evidence: [...(denied.evidence ?? []), ...evidence],
    };
  return {
    holds: 'unknown',
    because: `DenyServiceExternalIPs of kube-apiserver decides, whose flags are not in the input${more}`,
    evidence,
  };
}

/** A validating policy with a binding that denies, one of whose expressions looks at the field. */
function policyAbout(tables: ConditionTables, field: string): ApiObject | undefined {
  return tables.ValidatingAdmissionPolicy.all.find((policy) => {
    if (!JSON.stringify(policy.body.spec ?? {}).includes(field)) return false;
    return tables.ValidatingAdmissionPolicyBinding.all.some(({ body }) => {
      const text = JSON.stringify(body.spec ?? {});
      return text.includes(`"policyName":${JSON.stringify(policy.name)}`) && text.includes('"Deny"');
    });
  });
}
