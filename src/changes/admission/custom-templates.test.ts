import { expect, it } from 'vitest';
import { CLUSTER } from '../../snapshot/index.ts';
import { customTemplates } from './custom-templates.ts';

type Raw = Record<string, unknown>;

const CONTAINER = { name: 'main', image: 'alpine:3' };

const custom = (spec: unknown, kind = 'WorkflowTemplate', metadata: Raw = { name: 'build', namespace: 'ci' }): Raw => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind,
  metadata,
  spec,
});
const found = (...objects: readonly Raw[]): string[] =>
  customTemplates(
    objects.map((object) => ({ object, origin: CLUSTER })),
    new Set(['ci']),
  );

it('are objects of foreign kinds with anything that is a container, under whatever name', () => {
  const refs = ['WorkflowTemplate/ci/build'];
  expect(found(custom({ templates: [{ name: 'a', container: { image: '{{inputs.parameters.image}}', command: ['sh'] } }] }))).toEqual(refs);
  expect(found(custom({ steps: [{ image: '$(params.image)', args: ['x'] }] }))).toEqual(refs);
  expect(found(custom({ podTemplate: { spec: { initContainers: [CONTAINER] } } }))).toEqual(refs);
  expect(found(custom({ image: 'a:1', env: [] }))).toEqual(refs);
});

it('are none where nothing is started by them', () => {
  expect(found(custom({ image: 'a:1' }))).toEqual([]);
  expect(found(custom({ container: { name: 'main', image: { repository: 'a' } } }))).toEqual([]);
  expect(found(custom(undefined), custom([]))).toEqual([]);
  // What Kubernetes itself brings is judged as what it is.
  expect(found({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'ci' }, spec: { x: CONTAINER } })).toEqual(
    [],
  );
  // Of another namespace, which nobody tightens.
  expect(found(custom({ x: CONTAINER }, 'WorkflowTemplate', { name: 'build', namespace: 'shop' }))).toEqual([]);
  // A rule about images.
  for (const image of ['!*:latest', '*:*', 'registry.example/?*', 'a:1 | b:1'])
    expect(found(custom({ pattern: { spec: { containers: [{ name: '*', image }] } } }, 'Policy')), image).toEqual([]);
});

it('of the whole cluster make pods in any namespace', () => {
  expect(found(custom({ templates: [{ container: CONTAINER }] }, 'ClusterWorkflowTemplate', { name: 'build' }))).toEqual([
    'ClusterWorkflowTemplate/build',
  ]);
});

it('are looked for down to where templates of pods are, and not without end', () => {
  const below = (levels: number): unknown => (levels === 0 ? CONTAINER : { x: below(levels - 1) });
  expect(found(custom(below(10)))).toHaveLength(1);
  expect(found(custom(below(60)))).toEqual([]);
});
