import { describe, expect, it } from 'vitest';
import { hasIngressNightmare, isIngressNginx } from './nginx.ts';

describe('ingress-nginx by its image', () => {
  it.each([
    'registry.k8s.io/ingress-nginx/controller:v1.12.1@sha256:d2fbc4ec70d8aa2050dd91a91506e998765e86c96f32cffb56c503c9c34eed5b',
    'registry.k8s.io/ingress-nginx/controller-chroot:v1.8.0',
    'k8s.gcr.io/ingress-nginx/controller:v0.49.0',
    'quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.33.0',
    'docker.io/bitnami/nginx-ingress-controller:1.11.3',
    'rancher/nginx-ingress-controller:v1.10.1-hardened1',
    'mirror.example.com/k8s/ingress-nginx/controller',
  ])('knows %s', (image) => expect(isIngressNginx(image)).toBe(true));
  it.each([
    'nginx:1.27',
    'nginx/nginx-ingress:3.5.0',
    'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.4.4',
    'traefik:v2.10',
    'example.com/my-nginx-ingress-controller-docs:1',
    undefined,
  ])('does not take %s for it', (image) => expect(isIngressNginx(image)).toBe(false));
});

describe('releases before the fixes of March 2025', () => {
  it.each([
    ['controller:v1.11.4', true],
    ['controller:v1.11.5', false],
    ['controller:v1.12.0', true],
    ['controller:v1.12.1', false],
    ['controller:v1.13.0', false],
    ['controller:0.33.0', true],
    ['localhost:5000/ingress-nginx/controller:v1.11.4', true],
    ['controller', undefined],
    ['controller:latest', undefined],
  ])('%s: %s', (image, affected) => expect(hasIngressNightmare(image)).toBe(affected));
});
