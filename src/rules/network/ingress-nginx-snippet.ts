import { joinPath } from '../../lib/field-path.ts';
import type { ApiObject, KindTable } from '../../model/index.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, mitre } from '../rule.ts';

const PREFIX = 'nginx.ingress.kubernetes.io/';
const SNIPPETS = ['configuration-snippet', 'server-snippet', 'auth-snippet', 'modsecurity-snippet', 'stream-snippet'] as const;
/** Annotations whose value older controllers wrote into the configuration without a look at it. */
const COPIED = ['auth-url', 'auth-signin', 'auth-tls-match-cn', 'mirror-target', 'mirror-host', 'permanent-redirect'] as const;
const SWITCH = 'allow-snippet-annotations';

const ingress = (annotations: string): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop, annotations: {${annotations}}}
spec: {ingressClassName: nginx}`;
const config = (data: string): string => `
apiVersion: v1
kind: ConfigMap
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
data: {${data}}`;
const SNIPPET = `${PREFIX}server-snippet: "location /x { content_by_lua_block { ngx.say(1) } }"`;
const at = (name: string): string => joinPath('metadata.annotations', PREFIX + name);

export const rule = defineRule({
  id: 'ingress-nginx-snippet',
  title: 'nginx configuration inside an Ingress',
  severity: 'high',
  area: 'network',
  rationale:
    "Snippets become part of the controller's configuration: whoever may write an Ingress then reads files of the controller with its service account token, which may read every Secret of the cluster (CVE-2021-25742). Values with control characters of nginx do the same in older releases (CVE-2025-1097, 1098, 24514).",
  remedy:
    'Set allow-snippet-annotations to "false" in the ConfigMap of the controller, the default since 1.9, and use the annotations made for the purpose. Ingresses that rely on snippets stop working as before.',
  controls: mitre('T1190', 'T1552.007'),
  aliases: {
    kubescape: ['C-0059'],
    trivy: ['KCV-0093'],
    checkov: ['CKV_K8S_152', 'CKV_K8S_153', 'CKV_K8S_154'],
    'kyverno-policies': ['check-ingress-nginx-controller-version-and-annotation-policy'],
  },
  effort: 'medium',
  scope: 'object',
  kinds: ['Ingress', 'ConfigMap'],
  reads: ['ConfigMap'],
  check(object, { ConfigMap }) {
    return object.known === 'ConfigMap' ? inConfigMap(object as ApiObject<'ConfigMap'>) : inAnnotations(object, ConfigMap);
  },
  examples: () => ({
    good: [
      ingress(`kubernetes.io/ingress.class: nginx, ${PREFIX}rewrite-target: /$1`),
      ingress(`${PREFIX}auth-url: "https://auth.example.com/check?to=$scheme://$host&x=1", ${PREFIX}auth-tls-match-cn: "CN=shop"`),
      // A line break at the end comes from the YAML.
      ingress(`${PREFIX}mirror-target: "https://mirror.example.com$request_uri\\n"`),
      config('allow-snippet-annotations: "false"'),
      config('use-gzip: "true"'),
    ],
    bad: [
      { yaml: ingress(SNIPPET), path: at('server-snippet'), severity: 'high' },
      {
        yaml: ingress(`${PREFIX}configuration-snippet: "more_set_headers X-Frame-Options;"`),
        path: at('configuration-snippet'),
        severity: 'medium',
      },
      { yaml: documents(ingress(SNIPPET), config('allow-snippet-annotations: "false"')), path: at('server-snippet'), severity: 'low' },
      { yaml: ingress(`${PREFIX}auth-url: "http://example.com/#;\\nssl_engine x"`), path: at('auth-url'), severity: 'high' },
      { yaml: ingress(`${PREFIX}auth-tls-match-cn: "CN=a|b"`), path: at('auth-tls-match-cn') },
      { yaml: config('allow-snippet-annotations: "true"'), path: 'data.allow-snippet-annotations', severity: 'high' },
    ],
  }),
});

function inConfigMap({ body }: ApiObject<'ConfigMap'>): Hit | undefined {
  if (body.data?.[SWITCH]?.trim() !== 'true') return undefined;
  return { message: 'lets everybody who may write an Ingress put configuration into nginx', path: `data.${SWITCH}` };
}

/** Directives that read files, run code or send requests elsewhere. */
const DANGEROUS =
  /_by_lua|\balias\b|\broot\b|\bproxy_pass\b|\bload_module\b|\binclude\b|\bssl_engine\b|serviceaccount|\bjs_(?:content|import)\b/;
/** What ends a directive or begins a block or comment. */
const BREAKS_OUT = /[\s;{}"'`#|<>\\]/;
const CREDENTIAL = /authorization|password|passwd|token|secret|api.?key/i;

function inAnnotations({ annotations }: ApiObject, configMaps: KindTable<'ConfigMap'>): Hit[] {
  const hits: Hit[] = [];
  for (const name of SNIPPETS) {
    const value = annotations[PREFIX + name];
    if (value === undefined) continue;
    const refused = isRefused(configMaps);
    hits.push({
      key: name,
      severity: refused ? 'low' : DANGEROUS.test(value) ? 'high' : 'medium',
      message: refused
        ? `has nginx configuration in ${name}, which the controller is told to ignore`
        : `puts configuration of its own into nginx (${name})`,
      path: joinPath('metadata.annotations', PREFIX + name),
      secret: CREDENTIAL.test(value),
    });
  }
  for (const name of COPIED) {
    const match = BREAKS_OUT.exec(annotations[PREFIX + name]?.trim() ?? '');
    if (match === null) continue;
    const character = match[0].trim() === '' ? 'white space' : `the character ${match[0]}`;
    hits.push({
      key: name,
      message: `breaks out of its nginx directive with ${character} in ${name}`,
      path: joinPath('metadata.annotations', PREFIX + name),
    });
  }
  return hits;
}

const REFUSED = new WeakMap<KindTable<'ConfigMap'>, boolean>();

/** Whether a controller is told to ignore snippets, and none to take them. */
function isRefused(configMaps: KindTable<'ConfigMap'>): boolean {
  let refused = REFUSED.get(configMaps);
  if (refused === undefined) {
    const values = new Set(configMaps.all.map(({ body }) => body.data?.[SWITCH]?.trim()));
    REFUSED.set(configMaps, (refused = values.has('false') && !values.has('true')));
  }
  return refused;
}
