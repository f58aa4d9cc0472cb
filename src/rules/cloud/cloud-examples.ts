/** Descriptions of managed clusters for the examples of rules, from what matters in them. */

type Fields = Readonly<Record<string, unknown>>;

/** As `aws eks describe-cluster` answers. */
export function eks(fields: Fields): string {
  const cluster = {
    name: 'shop',
    arn: 'arn:aws:eks:eu-central-1:111122223333:cluster/shop',
    version: '1.33',
    platformVersion: 'eks.9',
    ...fields,
  };
  return JSON.stringify({ cluster }, undefined, 1);
}

/** As `az aks show` does. */
export function aks(fields: Fields): string {
  const id = '/subscriptions/0/resourcegroups/shop/providers/Microsoft.ContainerService/managedClusters/shop';
  const type = 'Microsoft.ContainerService/ManagedClusters';
  return JSON.stringify({ id, name: 'shop', type, currentKubernetesVersion: '1.33.1', dnsPrefix: 'shop', ...fields }, undefined, 1);
}

/** As `gcloud container clusters describe --format json` does. */
export function gke(fields: Fields): string {
  const selfLink = 'https://container.googleapis.com/v1/projects/shop/locations/europe-west1/clusters/shop';
  return JSON.stringify(
    { name: 'shop', selfLink, currentMasterVersion: '1.33.5-gke.1080000', network: 'default', ...fields },
    undefined,
    1,
  );
}

/** A description of GKE with one pool of nodes. */
export function gkePool(fields: Fields): string {
  return gke({ nodePools: [{ name: 'main', ...fields }] });
}
