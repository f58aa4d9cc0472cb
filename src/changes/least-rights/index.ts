export { type LeastRights, type RefusedUse, rolesFromUse, rolesShrunk } from './generate.ts';
export type { Need } from './needs.ts';
export { needText, writeRoles } from './write-roles.ts';
