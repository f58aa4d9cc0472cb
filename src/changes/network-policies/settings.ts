/** What a workload is told from outside: variables, arguments, and the files that are mounted into it, piece by piece. */
import { recordAt } from '../../engines/network/index.ts';
import { isRecord } from '../../lib/record.ts';
import { redactedAs } from '../../lib/redaction.ts';
import type { Container } from '../../model/index.ts';
import type { Evidence } from './evidence.ts';
import type { App, Inventory } from './inventory.ts';

export interface Setting {
  /** Of the variable, the option or the field; '' where there is none. */
  readonly name: string;
  readonly value: string;
  /** Settings of one group may belong together, as a host and its port. */
  readonly group: string;
  readonly at: Omit<Evidence, 'what'>;
}

/** Made by the cluster itself, and the same for everybody. */
const GIVEN = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt']);

export function settingsOf(inventory: Inventory, app: App): Setting[] {
  return [
    ...app.workload.containers.flatMap((container) => new ContainerSettings(inventory, app, container).all()),
    ...fileSettings(inventory, app),
  ];
}

class ContainerSettings {
  readonly #inventory: Inventory;
  readonly #app: App;
  readonly #container: Container;
  readonly #variables = new Map<string, Setting>();

  constructor(inventory: Inventory, app: App, container: Container) {
    this.#inventory = inventory;
    this.#app = app;
    this.#container = container;
  }

  all(): Setting[] {
    this.#readFrom();
    this.#readOwn();
    const variables = [...this.#variables.values()].map((one) => ({ ...one, value: this.#expanded(one.value) }));
    // A variable may hold a whole file.
    return [
      ...variables.flatMap((one) => (one.value.includes('\n') ? piecesOf(one.value, one) : [one])),
      ...this.#words('command'),
      ...this.#words('args'),
    ];
  }

  #readFrom(): void {
    for (const { prefix = '', configMapRef, secretRef } of this.#container.spec.envFrom ?? []) {
      for (const [kind, ref] of [['ConfigMap', configMapRef] as const, ['Secret', secretRef] as const]) {
        for (const entry of entriesOf(this.#inventory, kind, { namespace: this.#app.namespace, name: ref?.name ?? '' }))
          this.#set(`${prefix}${entry.key}`, entry.value, entry.at);
      }
    }
  }

  #readOwn(): void {
    for (const [index, { name = '', value, valueFrom }] of (this.#container.spec.env ?? []).entries()) {
      const path = `${this.#container.path}.env[${index}].value`;
      if (value !== undefined) this.#set(name, value, { ref: refOf(this.#app), path, object: this.#app.object });
      const [kind, from] =
        valueFrom?.configMapKeyRef === undefined
          ? ['Secret' as const, valueFrom?.secretKeyRef]
          : ['ConfigMap' as const, valueFrom.configMapKeyRef];
      const entries = entriesOf(this.#inventory, kind, { namespace: this.#app.namespace, name: from?.name ?? '' });
      const entry = entries.find(({ key }) => key === from?.key);
      if (entry !== undefined) this.#set(name, entry.value, entry.at);
    }
  }

  #set(name: string, value: string, at: Setting['at']): void {
    this.#variables.set(name, { name, value, group: this.#container.path, at });
  }

  /** `--db-host=x`, `--db-host x`, or a script. */
  #words(field: 'command' | 'args'): Setting[] {
    const words = this.#container.spec[field] ?? [];
    return words.flatMap((word, index): Setting[] => {
      const at = { ref: refOf(this.#app), path: `${this.#container.path}.${field}[${index}]`, object: this.#app.object };
      const value = this.#expanded(word);
      const whole = { name: '', value, group: this.#container.path, at };
      if (/\s/.test(value.trim())) return piecesOf(value, whole);
      const [, name, rest = ''] = /^(--?[\w.-]+)=(.*)$/s.exec(value) ?? [];
      if (name !== undefined) return [{ ...whole, name, value: rest }];
      const before = words[index - 1] ?? '';
      return [/^--?[\w.-]+$/.test(before) && !value.startsWith('-') ? { ...whole, name: before } : whole];
    });
  }

  /** As the kubelet and shells put variables in, with those that stand for the Services of the namespace. */
  #expanded(text: string): string {
    if (!text.includes('$')) return text;
    return text.replaceAll(/\$(?:\(\w+\)|\{\w+\}|\w+)/g, (whole) => {
      const name = whole.replaceAll(/\W/g, '');
      return this.#variables.get(name)?.value ?? this.#serviceVariable(name) ?? whole;
    });
  }

  #serviceVariable(name: string): string | undefined {
    const [, stem, what, port] = /^(\w+)_SERVICE_(HOST|PORT)(?:_(\w+))?$/.exec(name) ?? [];
    if (stem === undefined) return undefined;
    const asVariable = (text: string): string => text.toUpperCase().replaceAll('-', '_');
    const service = this.#inventory.services.all.find((one) => one.namespace === this.#app.namespace && asVariable(one.name) === stem);
    if (service === undefined || what === 'HOST') return service?.name;
    const found = port === undefined ? service.ports[0] : service.ports.find((one) => asVariable(one.name) === port);
    return found === undefined ? undefined : `${found.port}`;
  }
}

interface Entry {
  key: string;
  value: string;
  at: Setting['at'];
}

function entriesOf(inventory: Inventory, kind: 'ConfigMap' | 'Secret', { namespace, name }: { namespace: string; name: string }): Entry[] {
  const index = name === '' || GIVEN.has(name) ? undefined : inventory.find(kind, namespace, name);
  const object = index === undefined ? undefined : inventory.sources[index]?.object;
  if (index === undefined || object === undefined) return [];
  const ref = `${kind}/${namespace}/${name}`;
  return ['data', 'stringData'].flatMap((field) =>
    Object.entries(isRecord(object[field]) ? object[field] : {}).flatMap(([key, held]): Entry[] => {
      // What a snapshot keeps of a secret is no value.
      if (typeof held !== 'string' || redactedAs(held) !== undefined) return [];
      const value = kind === 'Secret' && field === 'data' ? Buffer.from(held, 'base64').toString('utf8') : held;
      return [{ key, value, at: { ref, path: `${field}[${JSON.stringify(key)}]`, object: index } }];
    }),
  );
}

/** Of volumes, whatever they are mounted as. */
function fileSettings(inventory: Inventory, { namespace, workload }: App): Setting[] {
  return (workload.pod.volumes ?? []).flatMap(({ configMap, secret, projected }) => {
    const sources = [
      { kind: 'ConfigMap' as const, name: configMap?.name, items: configMap?.items },
      { kind: 'Secret' as const, name: secret?.secretName, items: secret?.items },
      ...(projected?.sources ?? []).flatMap((source) => [
        { kind: 'ConfigMap' as const, name: source.configMap?.name, items: source.configMap?.items },
        { kind: 'Secret' as const, name: source.secret?.name, items: source.secret?.items },
      ]),
    ];
    return sources.flatMap(({ kind, name = '', items }) =>
      entriesOf(inventory, kind, { namespace, name })
        .filter(({ key }) => items === undefined || items.length === 0 || items.some((item) => item.key === key))
        .flatMap(({ key, value, at }) => {
          const group = `${at.ref} ${at.path}`;
          // What is one line is the value of what the file is called.
          return value.trim().includes('\n') ? piecesOf(value, { group, at }) : [{ name: key, value: value.trim(), group: at.ref, at }];
        }),
    );
  });
}

/** In YAML a colon wants a blank behind it, and in JSON quotes before it: `web:8080` is no field. */
const FIELD = /^\s*(?:-\s+)?(?:"([\w.-]+)"\s*:|'?([\w.-]+)'?\s*(?:=|:\s))\s*["']?([^"'\s][^"']*?)["']?\s*,?\s*$/;

/** Line by line, as in files of settings of nearly every kind; what is indented alike below one line is a group. */
function piecesOf(text: string, { group, at }: Pick<Setting, 'group' | 'at'>): Setting[] {
  const above: { indent: number; line: number }[] = [];
  return text.split(/\r?\n/).flatMap((line, index): Setting[] => {
    const code = line.replace(/^\s*(#|\/\/).*$/, '').trimEnd();
    if (code.trim() === '') return [];
    const indent = /^\s*(?:-\s+)?/.exec(code)?.[0].length ?? 0;
    while (above.length > 0 && (above.at(-1)?.indent ?? 0) >= indent) above.pop();
    const own = `${group} ${above.at(-1)?.line ?? (/^\s*\[/.test(code) ? index : -1)}`;
    above.push({ indent: /^\s*\[/.test(code) ? -1 : indent, line: index });
    const [, quoted, plain, value] = FIELD.exec(code) ?? [];
    const name = quoted ?? plain;
    return [
      name === undefined || value === undefined || value.startsWith('//')
        ? { name: '', value: code, group: own, at }
        : { name, value, group: own, at },
    ];
  });
}

function refOf({ kind, namespace, name }: App): string {
  return `${kind}/${namespace}/${name}`;
}

/** Secrets that variables come from and whose values are not in the input. */
export function unreadSecrets(inventory: Inventory, { namespace, workload }: App): string[] {
  const names = new Set<string>();
  for (const { spec } of workload.containers) {
    for (const { secretRef } of spec.envFrom ?? []) if (secretRef?.name !== undefined) names.add(secretRef.name);
    for (const { valueFrom } of spec.env ?? []) if (valueFrom?.secretKeyRef?.name !== undefined) names.add(valueFrom.secretKeyRef.name);
  }
  return [...names].filter((name) => {
    const index = inventory.find('Secret', namespace, name);
    const object = index === undefined ? undefined : inventory.sources[index]?.object;
    const values = [...Object.values(recordAt(object, 'data')), ...Object.values(recordAt(object, 'stringData'))];
    return values.length === 0 || values.some((value) => typeof value === 'string' && redactedAs(value) !== undefined);
  });
}
