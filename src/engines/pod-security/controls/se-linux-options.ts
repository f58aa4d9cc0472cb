import type { Check, Control } from '../control.ts';

const TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const TYPES_31 = [...TYPES, 'container_engine_t'];

function onlyTypes(types: readonly string[]): Check {
  return ({ spec, containers }) => {
    const paths: string[] = [];
    for (const place of [{ spec, path: 'spec' }, ...containers]) {
      const options = place.spec.securityContext?.seLinuxOptions;
      if (options === undefined) continue;
      const path = `${place.path}.securityContext.seLinuxOptions`;
      if (!types.includes(options.type ?? '')) paths.push(`${path}.type`);
      if ((options.user ?? '') !== '') paths.push(`${path}.user`);
      if ((options.role ?? '') !== '') paths.push(`${path}.role`);
    }
    return paths;
  };
}

export const seLinuxOptions: Control = {
  id: 'seLinuxOptions',
  level: 'baseline',
  reason: 'SELinux label of its own',
  versions: [
    { since: 0, check: onlyTypes(TYPES) },
    { since: 31, check: onlyTypes(TYPES_31) },
  ],
};
