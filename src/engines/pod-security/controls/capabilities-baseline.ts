import type { Control } from '../control.ts';

/** What container runtimes give by default, without NET_RAW. Names are compared exactly, as the API server does. */
export const ADDABLE_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export const capabilitiesBaseline: Control = {
  id: 'capabilities_baseline',
  level: 'baseline',
  reason: 'capability beyond the default ones',
  versions: [
    {
      since: 0,
      check({ containers }) {
        const paths: string[] = [];
        for (const { spec, path } of containers) {
          spec.securityContext?.capabilities?.add?.forEach((name, index) => {
            if (!ADDABLE_CAPABILITIES.has(name)) paths.push(`${path}.securityContext.capabilities.add[${index}]`);
          });
        }
        return paths;
      },
    },
  ],
};
