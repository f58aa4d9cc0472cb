import type { Check, Control } from '../control.ts';

/** Kernel parameters that stay inside the pod and harm nobody else, each with the first minor that counts it so. */
export const SAFE_SYSCTLS: ReadonlyMap<string, number> = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
]);

function onlySafeAt(minor: number): Check {
  return ({ spec }) => {
    const paths: string[] = [];
    spec.securityContext?.sysctls?.forEach(({ name = '' }, index) => {
      const since = SAFE_SYSCTLS.get(name);
      if (since === undefined || since > minor) paths.push(`spec.securityContext.sysctls[${index}].name`);
    });
    return paths;
  };
}

export const sysctls: Control = {
  id: 'sysctls',
  level: 'baseline',
  reason: 'kernel parameter that is not safe',
  versions: [...new Set(SAFE_SYSCTLS.values())].toSorted((a, b) => a - b).map((since) => ({ since, check: onlySafeAt(since) })),
};
