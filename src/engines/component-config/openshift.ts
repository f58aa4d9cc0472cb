/**
 * OpenShift starts the API server and the controller manager with a file of its own kind (config.openshift.io,
 * kubecontrolplane.config.openshift.io), in which flags stand as lists by their names.
 */
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import type { Origin } from '../../snapshot/index.ts';
import type { Word } from './command-object.ts';

const ARGUMENTS = ['apiServerArguments', 'extendedArguments'];
const SERVING: Readonly<Record<string, string>> = {
  certFile: '--tls-cert-file',
  keyFile: '--tls-private-key-file',
  clientCA: '--client-ca-file',
  minTLSVersion: '--tls-min-version',
  cipherSuites: '--tls-cipher-suites',
};

/** The flags of the file; a file that is none has none. */
export function openshiftFlagsOf(text: string, origin: Origin): Word[] {
  const parsed = parseConfigText(text);
  const root: unknown = parsed?.value;
  if (!isRecord(root)) return [];
  const words: Word[] = [];
  const add = (flag: string, value: unknown, path: string): void => {
    const list = (Array.isArray(value) ? (value as unknown[]) : [value]).filter((each) => typeof each === 'string');
    if (list.length > 0) words.push({ text: `${flag}=${list.join(',')}`, shown: { origin, path, value } });
  };
  const serving = isRecord(root.servingInfo) ? root.servingInfo : {};
  for (const [field, flag] of Object.entries(SERVING)) add(flag, serving[field], `servingInfo.${field}`);
  for (const section of ARGUMENTS) {
    const given = root[section];
    if (isRecord(given)) for (const [name, value] of Object.entries(given)) add(`--${name}`, value, `${section}.${name}`);
  }
  return words;
}
