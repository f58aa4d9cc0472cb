import type { Control } from '../control.ts';
import { defaultProcMount } from './proc-mount.ts';

export const procMountRestricted: Control = {
  id: 'procMount_restricted',
  level: 'restricted',
  reason: '/proc without its mask',
  versions: [{ since: 35, check: defaultProcMount }],
  overrides: ['procMount'],
};
