/** What the two seccomp controls share. */

export const SECCOMP_FIELD = 'securityContext.seccompProfile.type';

/** Whether a profile that is set filters system calls; one without a type does not. */
export function filtersCalls(profile: { readonly type?: string }): boolean {
  return profile.type === 'RuntimeDefault' || profile.type === 'Localhost';
}
