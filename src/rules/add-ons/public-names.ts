/** What anybody may know that a cluster runs: the names under which well-known add-ons are installed. */
import { ADD_ONS, COMPANIONS } from './recognise.ts';

const DASHBOARD = ['docker.io/kubernetesui/dashboard', 'docker.io/kubernetesui/metrics-scraper'];

export function publicNames(): { images: ReadonlySet<string>; names: ReadonlySet<string> } {
  return {
    images: new Set([...DASHBOARD, ...ADD_ONS.flatMap(({ images }) => images), ...COMPANIONS]),
    names: new Set(['kubernetes-dashboard', ...ADD_ONS.flatMap(({ names, namespaces = [] }) => [...names, ...namespaces])]),
  };
}
