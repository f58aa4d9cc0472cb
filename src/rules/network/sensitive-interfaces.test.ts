import { describe, expect, it } from 'vitest';
import { interfaceOfImage, interfaceOfName } from './sensitive-interfaces.ts';

describe('interfaces by image', () => {
  it.each([
    ['argoproj/argocli:latest', 'Argo Workflows'],
    ['quay.io/argoproj/argocd:v2.11.0@sha256:00', 'Argo CD'],
    ['docker.io/library/jenkins:2.60.3', 'Jenkins'],
    ['localhost:5000/jenkins/jenkins', 'Jenkins'],
    ['quay.io/jupyter/scipy-notebook:2024-05-27', 'Jupyter'],
    ['docker:27-dind', 'a Docker daemon'],
    ['docker:27-cli', undefined],
    ['jenkins/inbound-agent:3261', undefined],
    ['nginx', undefined],
    ['example.com/constructor', undefined],
    [undefined, undefined],
  ])('%s: %s', (image, label) => expect(interfaceOfImage(image)).toBe(label));
});

describe('interfaces by name', () => {
  it.each([
    ['kubernetes-dashboard', 'the Kubernetes dashboard'],
    ['ci-jenkins-0', 'Jenkins'],
    ['jenkins-agent', undefined],
    ['nifi', 'NiFi'],
    ['significant', undefined],
    ['argocd-server', 'Argo CD'],
    ['argocd-repo-server', undefined],
  ])('%s: %s', (name, label) => expect(interfaceOfName(name)).toBe(label));
});
