import type { Check, Control } from '../control.ts';

/** Kernel parameters that stay inside the pod and harm nobody else, by the release that took them up. */
const SAFE_0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const SAFE_27 = [...SAFE_0, 'net.ipv4.ip_local_reserved_ports'];
const SAFE_29 = [
  ...SAFE_27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SAFE_32 = [...SAFE_29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];
const SAFE_37 = [...SAFE_32, 'net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat'];

function only(safe: readonly string[]): Check {
  return ({ spec }) => {
    const paths: string[] = [];
    spec.securityContext?.sysctls?.forEach(({ name = '' }, index) => {
      if (!safe.includes(name)) paths.push(`spec.securityContext.sysctls[${index}].name`);
    });
    return paths;
  };
}

export const sysctls: Control = {
  id: 'sysctls',
  level: 'baseline',
  reason: 'kernel parameter that is not safe',
  versions: [
    { since: 0, check: only(SAFE_0) },
    { since: 27, check: only(SAFE_27) },
    { since: 29, check: only(SAFE_29) },
    { since: 32, check: only(SAFE_32) },
    { since: 37, check: only(SAFE_37) },
  ],
};
