import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { CastellanError } from '../lib/errors.ts';
import { parseCloudCluster } from './cloud-cluster.ts';
import { positionOf } from './position.ts';

const EKS = {
  cluster: { name: 'a', arn: 'arn:aws-cn:eks:cn-north-1:1:cluster/a', version: '1.33', resourcesVpcConfig: { endpointPublicAccess: true } },
};
const AKS = {
  name: 'b',
  id: '/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/b',
  kubernetesVersion: '1.32',
};
const GKE = {
  name: 'c',
  selfLink: 'https://container.googleapis.com/v1/projects/p/zones/z/clusters/c',
  currentMasterVersion: '1.33.5-gke.1',
};

describe('a description of a cluster', () => {
  it.each([
    ['of EKS', EKS, 'aws', 'a', '1.33'],
    ['of EKS without its wrapping', EKS.cluster, 'aws', 'a', '1.33'],
    ['of AKS', AKS, 'azure', 'b', '1.32'],
    ['of AKS in a list', [AKS], 'azure', 'b', '1.32'],
    ['of AKS as Resource Manager has it', { ...AKS, properties: { currentKubernetesVersion: '1.32.4' } }, 'azure', 'b', '1.32.4'],
    ['of GKE', GKE, 'google', 'c', '1.33.5-gke.1'],
  ])('%s is known by what it says', (_words, document, provider, name, version) => {
    expect(parseCloudCluster(JSON.stringify(document), 'f')).toMatchObject({ provider, name, kubernetesVersion: version });
  });

  it('is read as YAML too, which gcloud writes by itself', () => {
    const { body, provider } = parseCloudCluster(`name: c\nselfLink: ${GKE.selfLink}\nlegacyAbac: {}\n`, 'f');
    expect([provider, body.legacyAbac]).toEqual(['google', {}]);
  });

  it('shows where a field stands', () => {
    const { origin } = parseCloudCluster(JSON.stringify(EKS, undefined, 1), 'f');
    expect(positionOf(origin, 'resourcesVpcConfig.endpointPublicAccess')).toMatchObject({ line: 7 });
  });

  it('loses its secrets', () => {
    const text = JSON.stringify(
      { ...GKE, masterAuth: { password: 'hunter2-hunter2', clientKey: 'LS0tLS1CRUdJTg==', username: 'admin' } },
      undefined,
      1,
    );
    const cluster = parseCloudCluster(text, 'f');
    expect(JSON.stringify(cluster)).not.toMatch(/hunter2|LS0tLS1C/);
    expect(cluster.body.masterAuth).toMatchObject({ username: 'admin' });
    expect(JSON.stringify(parseCloudCluster(JSON.stringify({ ...GKE, masterAuth: { clientKey: 'LS0tLS1C' } }), 'f'))).not.toContain(
      'LS0tLS1C',
    );
  });

  it.each([
    ['', /describes no|neither/],
    ['{', /neither JSON nor YAML/],
    ['[]', /empty list/],
    [JSON.stringify([AKS, AKS]), /list of 2/],
    ['{"kind":"Pod"}', /no cluster of EKS, AKS or GKE/],
    ['"text"', /describes no cluster/],
    ['ResourceNotFoundException: No cluster found', /describes no cluster|neither|no cluster of/],
  ])('that is none is refused: %s', (text, message) => {
    expect(() => parseCloudCluster(text, 'f')).toThrow(
      expect.objectContaining({ code: 'CAS_NOT_CLOUD', message: expect.stringMatching(message) }),
    );
  });

  it('of any text is a cluster or an error with a code', () => {
    const property = fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `{"selfLink":"container/v1","x":${json}}`),
      ),
      (text) => {
        try {
          parseCloudCluster(text, 'f');
        } catch (error) {
          expect(error).toBeInstanceOf(CastellanError);
        }
      },
    );
    fc.assert(property, { numRuns: RUNS });
  });
});
