import type { Check, Control } from '../control.ts';

/** Types that confine a container, each with the first minor that allows it. */
export const CONFINED_SELINUX_TYPES: ReadonlyMap<string, number> = new Map([
  ['container_t', 0],
  ['container_init_t', 0],
  ['container_kvm_t', 0],
  ['container_engine_t', 31],
]);

function onlyTypesOf(minor: number): Check {
  return ({ spec, containers }) => {
    const paths: string[] = [];
    for (const place of [{ spec, path: 'spec' }, ...containers]) {
      const options = place.spec.securityContext?.seLinuxOptions;
      if (options === undefined) continue;
      const path = `${place.path}.securityContext.seLinuxOptions`;
      const { type = '' } = options;
      if (type !== '' && (CONFINED_SELINUX_TYPES.get(type) ?? Infinity) > minor) paths.push(`${path}.type`);
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
    { since: 0, check: onlyTypesOf(0) },
    { since: 31, check: onlyTypesOf(31) },
  ],
};
