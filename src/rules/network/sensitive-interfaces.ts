/** Programs whose web interface or API gives much to whoever reaches it, often without a login by default. */

/** By image: `organisation/name`, or a name alone where everybody ships it under that one, without host and tag. */
const IMAGES: Readonly<Record<string, string>> = {
  'kubernetesui/dashboard': 'the Kubernetes dashboard',
  'kubernetesui/dashboard-web': 'the Kubernetes dashboard',
  'kubernetesui/dashboard-api': 'the Kubernetes dashboard',
  'kubernetes-dashboard-amd64': 'the Kubernetes dashboard',
  'argoproj/argocli': 'Argo Workflows',
  'argoproj/argocd': 'Argo CD',
  'jenkins/jenkins': 'Jenkins',
  jenkins: 'Jenkins',
  'apache/nifi': 'NiFi',
  'weaveworks/scope': 'Weave Scope',
  'portainer/portainer': 'Portainer',
  'portainer/portainer-ce': 'Portainer',
  'rancher/rancher': 'Rancher',
  'kiali/kiali': 'Kiali',
  'headlamp-k8s/headlamp': 'Headlamp',
  'cilium/hubble-ui': 'Hubble',
  'longhornio/longhorn-ui': 'Longhorn',
  'jupyterhub/jupyterhub': 'JupyterHub',
  'jupyterhub/k8s-hub': 'JupyterHub',
  'apache/airflow': 'Airflow',
  'puckel/docker-airflow': 'Airflow',
  'apache/zeppelin': 'Zeppelin',
  'mlflow/mlflow': 'MLflow',
  'rayproject/ray': 'Ray',
  'vllm/vllm-openai': 'vLLM',
  'ollama/ollama': 'Ollama',
  'open-webui/open-webui': 'Open WebUI',
  'prom/prometheus': 'Prometheus',
  'prometheus/prometheus': 'Prometheus',
  'prom/alertmanager': 'Alertmanager',
  'prometheus/alertmanager': 'Alertmanager',
  'kibana/kibana': 'Kibana',
  kibana: 'Kibana',
  'phpmyadmin/phpmyadmin': 'phpMyAdmin',
  phpmyadmin: 'phpMyAdmin',
  'dpage/pgadmin4': 'pgAdmin',
  adminer: 'Adminer',
  'mongo-express': 'mongo-express',
  'rediscommander/redis-commander': 'Redis Commander',
  'hashicorp/consul': 'Consul',
};

/** Organisations whose images are all of this sort. */
const ORGANISATIONS: Readonly<Record<string, string>> = {
  jupyter: 'Jupyter',
  kubeflownotebookswg: 'a Kubeflow notebook',
  'ml-pipeline': 'Kubeflow Pipelines',
};

/** By name of a workload or Service; the name may stand between dashes. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  ['kubernetes-dashboard', 'the Kubernetes dashboard'],
  ['argo-server|argo-workflows-server', 'Argo Workflows'],
  ['argocd-server', 'Argo CD'],
  ['jenkins(?!-agent)', 'Jenkins'],
  ['nifi', 'NiFi'],
  ['weave-scope(?:-app)?', 'Weave Scope'],
  ['jupyter(?:hub|lab)?', 'Jupyter'],
  ['ml-pipeline-ui|centraldashboard', 'Kubeflow'],
  ['airflow-webserver', 'Airflow'],
  ['portainer', 'Portainer'],
  ['phpmyadmin', 'phpMyAdmin'],
  ['pgadmin4?', 'pgAdmin'],
  ['longhorn-frontend', 'Longhorn'],
  ['hubble-ui', 'Hubble'],
  ['kiali', 'Kiali'],
].map(([pattern = '', label = '']) => [new RegExp(`(?:^|-)(?:${pattern})(?:-|$)`), label] as const);

/** What an image is known to be, or undefined. */
export function interfaceOfImage(image: string | undefined): string | undefined {
  if (image === undefined) return undefined;
  const segments = withoutTag(image).split('/');
  const name = segments.at(-1) ?? '';
  const organisation = segments.at(-2);
  const tag = /:([^:/@]+)(?:@|$)/.exec(image)?.[1] ?? '';
  // The daemon inside a container has a tag for itself.
  if (name === 'docker' && /(?:^|-)dind(?:-|$)/.test(tag)) return 'a Docker daemon';
  const full = `${organisation ?? ''}/${name}`;
  if (Object.hasOwn(IMAGES, full)) return IMAGES[full];
  if (organisation !== undefined && Object.hasOwn(ORGANISATIONS, organisation)) return ORGANISATIONS[organisation];
  return Object.hasOwn(IMAGES, name) ? IMAGES[name] : undefined;
}

export function interfaceOfName(name: string): string | undefined {
  return NAMES.find(([pattern]) => pattern.test(name))?.[1];
}

function withoutTag(image: string): string {
  const digest = image.indexOf('@');
  const plain = digest < 0 ? image : image.slice(0, digest);
  const colon = plain.lastIndexOf(':');
  return colon > plain.lastIndexOf('/') ? plain.slice(0, colon) : plain;
}
