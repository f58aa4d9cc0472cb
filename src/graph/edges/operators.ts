/** What operators do on behalf of whoever writes their custom resources. */
import { account, allow, pod, strong } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { type Right, right } from '../right.ts';
import type { Scene, Unit } from '../scene.ts';
import { podMaker } from './run-pods.ts';

interface Operator {
  /** Its controller, by the repository of its image. */
  readonly image: RegExp;
  readonly asked: readonly Right[];
  /** Whether it runs pods of the writer's choice beside the resource, or does with its own account what the resource says. */
  readonly does: 'pods' | 'itself';
}

const OPERATORS: readonly Operator[] = [
  {
    image: /(?:^|\/)argoproj\/workflow-controller[:@]/,
    asked: ['workflows', 'cronworkflows'].map((resource) => right(`create ${resource}.argoproj.io`)),
    does: 'pods',
  },
  {
    image: /(?:^|\/)tekton(?:-releases|cd)\/(?:.*\/)?pipeline.*controller/,
    asked: ['taskruns', 'pipelineruns'].map((resource) => right(`create ${resource}.tekton.dev`)),
    does: 'pods',
  },
  {
    image: /(?:^|\/)fluxcd\/kustomize-controller[:@]/,
    asked: [right('create,update,patch kustomizations.kustomize.toolkit.fluxcd.io')],
    does: 'itself',
  },
  {
    image: /(?:^|\/)fluxcd\/helm-controller[:@]/,
    asked: [right('create,update,patch helmreleases.helm.toolkit.fluxcd.io')],
    does: 'itself',
  },
];

const FLUX = 'ghcr.io/fluxcd/kustomize-controller:v1.2.0';
const ARGO = 'quay.io/argoproj/workflow-controller:v3.5.0';

export const family = defineFamily({
  edges: {
    OPERATOR_DEPUTY: {
      says: 'have an operator do it by a custom resource',
      mitigation: 'Let the operator act with accounts of the tenants, and grant its custom resources like the rights that it has.',
    },
  },
  rights: OPERATORS.flatMap(({ asked }) => asked),
  draw(scene) {
    for (const unit of scene.units) {
      const operator = OPERATORS.find(({ image }) => image.test(unit.container.spec.image ?? ''));
      if (operator !== undefined) drawOperator(scene, unit, operator);
    }
  },
  examples: () => [
    {
      edge: 'OPERATOR_DEPUTY',
      objects: [
        account('a/x'),
        ...strong('flux/kc'),
        controller('flux/kc', FLUX),
        ...allow('a', 'create kustomizations.kustomize.toolkit.fluxcd.io'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'OPERATOR_DEPUTY',
      objects: [
        account('a/x'),
        ...strong('flux/kc'),
        controller('flux/kc', FLUX, ['--default-service-account=tenant']),
        ...allow('a', 'create kustomizations.kustomize.toolkit.fluxcd.io'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'it acts with an account of the namespace',
    },
    {
      edge: 'OPERATOR_DEPUTY',
      objects: [...strong(), account('a/x'), controller('argo/wc', ARGO), ...allow('a', 'create workflows.argoproj.io')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'OPERATOR_DEPUTY',
      objects: [...strong(), account('a/x'), ...allow('a', 'create workflows.argoproj.io')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'nobody runs the workflows',
    },
  ],
});

/** Where it acts with accounts of the namespaces, only these come of it; which, the resource says. */
function drawOperator(scene: Scene, { container }: Unit, { asked, does }: Operator): void {
  const { workload, spec } = container;
  const where = { object: workload.object, path: `${container.path}.image` };
  const tenants = [...(spec.command ?? []), ...(spec.args ?? [])].some((word) => word.startsWith('--default-service-account'));
  for (const { vertex, namespace, name } of asked.flatMap((each) => [...scene.held(each)])) {
    if (does === 'itself' && !tenants)
      scene.step({ edge: 'OPERATOR_DEPUTY', where }, vertex, scene.account(workload.namespace, workload.serviceAccount));
    if (name !== undefined || (does === 'itself' && !tenants)) continue;
    scene.step({ edge: 'OPERATOR_DEPUTY', where }, vertex, scene.allAccounts(namespace));
    if (does === 'pods') scene.step({ edge: 'OPERATOR_DEPUTY', where }, vertex, podMaker(scene, namespace));
  }
}

function controller(at: string, image: string, args: readonly string[] = []): Readonly<Record<string, unknown>> {
  return pod(at, { serviceAccountName: at.slice(at.indexOf('/') + 1) }, { image, args });
}
