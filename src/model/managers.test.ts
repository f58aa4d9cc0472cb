import { describe, expect, it } from 'vitest';
import { managerOf } from './managers.ts';

const body = {
  spec: {
    hostPID: true,
    template: {
      spec: {
        containers: [
          { name: 'a', image: 'x', ports: [{ containerPort: 80 }] },
          { name: 'b', image: 'y', securityContext: { privileged: true, capabilities: { add: ['ALL'] } } },
        ],
      },
    },
  },
  metadata: { finalizers: ['one', 'two'] },
};
const entry = (manager: string, time: string, fieldsV1: unknown, more: object = {}): unknown => ({
  manager,
  operation: 'Update',
  time,
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
});
const container = (name: string, fields: object): object => ({
  'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { [`k:{"name":"${name}"}`]: fields } } } },
});
const object = (...entries: unknown[]): never => ({ body, managedFields: JSON.stringify(entries) }) as never;

describe('who last set a field', () => {
  const privileged = 'spec.template.spec.containers[1].securityContext.privileged';
  it('is found through lists by their keys', () => {
    const of = object(
      entry(
        'helm',
        '2026-01-01T00:00:00Z',
        container('b', { '.': {}, 'f:image': {}, 'f:securityContext': { '.': {}, 'f:privileged': {} } }),
      ),
      entry('kubectl', '2026-02-01T00:00:00Z', container('a', { 'f:image': {} })),
    );
    expect(managerOf(of, privileged)).toEqual({ name: 'helm', time: '2026-01-01T00:00:00Z' });
    expect(managerOf(of, 'spec.template.spec.containers[0].image')?.name).toBe('kubectl');
    expect(managerOf(of, 'spec.template.spec.containers[0].ports[0].containerPort')).toBeUndefined();
    expect(managerOf(of, 'spec.hostPID')).toBeUndefined();
  });

  it('of several is the one who came last', () => {
    const fields = { 'f:spec': { 'f:hostPID': {} } };
    expect(
      managerOf(object(entry('a', '2026-03-01T00:00:00Z', fields), entry('b', '2026-01-01T00:00:00Z', fields)), 'spec.hostPID')?.name,
    ).toBe('a');
  });

  it('of a list as a whole is its owner', () => {
    const of = object(
      entry('argo', '2026-01-01T00:00:00Z', container('b', { 'f:securityContext': { 'f:capabilities': { 'f:add': {} } } })),
    );
    expect(managerOf(of, 'spec.template.spec.containers[1].securityContext.capabilities.add[0]')?.name).toBe('argo');
    expect(managerOf(of, 'spec.template.spec.containers[1].securityContext.capabilities.drop')).toBeUndefined();
  });

  it('of ports with a protocol that was left out, and of sets', () => {
    const of = object(
      entry('p', 't', container('a', { 'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } } })),
      entry('s', 't', { 'f:metadata': { 'f:finalizers': { '.': {}, 'v:"two"': {} } } }),
    );
    expect(managerOf(of, 'spec.template.spec.containers[0].ports[0].containerPort')?.name).toBe('p');
    expect(managerOf(of, 'metadata.finalizers[1]')?.name).toBe('s');
    expect(managerOf(of, 'metadata.finalizers[0]')).toBeUndefined();
  });

  it('is nobody where a field is absent, nobody is on record, or only the status was seen', () => {
    const all = { 'f:spec': {} };
    expect(managerOf(object(entry('a', 't', all)), 'spec.replicas')).toBeUndefined();
    expect(managerOf({ body, managedFields: undefined } as never, privileged)).toBeUndefined();
    expect(
      managerOf(object(entry('a', 't', { 'f:spec': { 'f:hostPID': {} } }, { subresource: 'status' })), 'spec.hostPID'),
    ).toBeUndefined();
  });
});
