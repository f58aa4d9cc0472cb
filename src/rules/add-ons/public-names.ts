/** What anybody may know that a cluster runs: the names under which well-known add-ons are installed, and Kubernetes' own words. */
import { componentRoleWords } from '../../engines/rbac/index.ts';
import { ADD_ONS, COMPANIONS } from './recognise.ts';

/** kubectl as most people run it in pods: its version is judged by the image. */
const KUBECTL = [
  'docker.io/bitnami/kubectl',
  'docker.io/bitnamilegacy/kubectl',
  'docker.io/rancher/kubectl',
  'docker.io/alpine/kubectl',
  'docker.io/alpine/k8s',
];
const DASHBOARD = ['docker.io/kubernetesui/dashboard', 'docker.io/kubernetesui/metrics-scraper'];

export function publicNames(): { images: ReadonlySet<string>; names: ReadonlySet<string> } {
  return {
    images: new Set([...KUBECTL, ...DASHBOARD, ...ADD_ONS.flatMap(({ images }) => images), ...COMPANIONS]),
    // A role of Kubernetes itself is judged by what it has beyond its own rules.
    names: new Set([
      'kubernetes-dashboard',
      ...componentRoleWords(),
      ...ADD_ONS.flatMap(({ names, namespaces = [] }) => [...names, ...namespaces]),
    ]),
  };
}
