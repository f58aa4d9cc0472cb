import { defineRule, mitre } from '../rule.ts';

const service = (host: string, type = 'ExternalName'): string => `
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {type: ${type}, externalName: ${host}}`;

/** Names and addresses of the host itself. */
const LOCAL = /^(?:(?:.+\.)?localhost(?:\.localdomain|[46])?|ip6-localhost|127(?:\.\d{1,3}){1,3}|::1|0\.0\.0\.0)\.?$/i;

export const rule = defineRule({
  id: 'localhost-external-name',
  title: 'ExternalName that points to localhost',
  severity: 'medium',
  area: 'network',
  rationale:
    'What resolves the name is sent to itself: an ingress controller or a proxy that follows the Service then serves its own local ports, meant for administration, to the outside.',
  remedy: 'Point externalName to the real host, or delete the Service.',
  controls: mitre('T1557'),
  aliases: {
    'kyverno-policies': ['disallow-localhost-services'],
  },
  scope: 'object',
  kinds: ['Service'],
  check(object) {
    const { type, externalName } = object.body.spec ?? {};
    if (type !== 'ExternalName' || externalName === undefined || !LOCAL.test(externalName)) return undefined;
    return { message: `is another name for ${externalName}, which is whoever asks`, path: 'spec.externalName' };
  },
  examples: () => ({
    good: [service('db.example.com'), service('localhost.example.com'), service('127.example.com'), service('localhost', 'ClusterIP')],
    bad: [
      { yaml: service('localhost'), path: 'spec.externalName' },
      { yaml: service('LOCALHOST.'), path: 'spec.externalName' },
      { yaml: service('admin.localhost'), path: 'spec.externalName' },
      { yaml: service('127.0.0.1'), path: 'spec.externalName' },
    ],
  }),
});
