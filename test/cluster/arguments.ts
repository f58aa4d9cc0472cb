/** What the command lines of a control plane have in common. */
import type { ClusterOptions } from './options.ts';
import type { Ports } from './ports.ts';

/** Where one cluster stands. */
export interface Place {
  folder: string;
  ports: Ports;
  /** Besides loopback, where there are real nodes to reach it. */
  address: string | undefined;
}

/** Addresses of services. */
export const SERVICES = '10.96.0.0/16';

export function gates({ release, anonymous, features }: ClusterOptions): string[] {
  // In 1.31 it is not on by itself to let nobody in at some paths only.
  const needed = release === '1.31.0' && anonymous === 'health' ? { AnonymousAuthConfigurableEndpoints: true } : {};
  const all = { ...needed, ...features };
  return Object.keys(all).length === 0 ? [] : [`--feature-gates=${pairs(all)}`];
}

export function pairs(values: Record<string, boolean>): string {
  return Object.entries(values)
    .map(([name, on]) => `${name}=${on}`)
    .join(',');
}

export function flags(values: Record<string, string | number>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
