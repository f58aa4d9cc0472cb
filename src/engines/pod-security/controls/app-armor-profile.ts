import { joinPath } from '../../../lib/field-path.ts';
import { type Check, type Control, inContainers } from '../control.ts';

const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const FIELD = 'securityContext.appArmorProfile.type';

const onlyConfiningProfiles: Check = (subject) => {
  const paths: string[] = [];
  for (const name in subject.annotations) {
    if (name.startsWith(ANNOTATION) && !confinesByAnnotation(subject.annotations[name] ?? ''))
      paths.push(joinPath('metadata.annotations', name));
  }
  if (!confines(subject.spec.securityContext?.appArmorProfile)) paths.push(`spec.${FIELD}`);
  paths.push(...inContainers(subject, FIELD, (container) => !confines(container.securityContext?.appArmorProfile)));
  return paths;
};

function confinesByAnnotation(value: string): boolean {
  return value === '' || value === 'runtime/default' || value.startsWith('localhost/');
}

/** No profile at all means the default one; a profile without a type is none that confines. */
function confines(profile: { readonly type?: string } | undefined): boolean {
  return profile === undefined || profile.type === 'RuntimeDefault' || profile.type === 'Localhost';
}

export const appArmorProfile: Control = {
  id: 'appArmorProfile',
  level: 'baseline',
  reason: 'AppArmor switched off',
  versions: [{ since: 0, check: onlyConfiningProfiles }],
};
