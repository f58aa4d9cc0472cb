export { type AuthnReport, type TokenReport, authnDocument } from './document.ts';
export { authnTable } from './table.ts';
