import { type Check, type Control, inContainers, unlessWindows } from '../control.ts';
import { SECCOMP_FIELD, filtersCalls } from './seccomp-profile.ts';

/** The pod's profile counts for the containers without one; a wrong one is wrong even where each container has its own. */
const filtersEverywhere: Check = (subject) => {
  const ofPod = subject.spec.securityContext?.seccompProfile;
  const podFilters = ofPod !== undefined && filtersCalls(ofPod);
  const ofContainers = inContainers(subject, SECCOMP_FIELD, ({ securityContext }) => {
    const profile = securityContext?.seccompProfile;
    return profile === undefined ? !podFilters : !filtersCalls(profile);
  });
  return ofPod !== undefined && !podFilters ? [`spec.${SECCOMP_FIELD}`, ...ofContainers] : ofContainers;
};

export const seccompProfileRestricted: Control = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  reason: 'no seccomp profile',
  versions: [
    { since: 19, check: filtersEverywhere },
    { since: 25, check: unlessWindows(filtersEverywhere) },
  ],
  overrides: ['seccompProfile_baseline'],
};
