export { kubectlText, quoted } from './kubectl.ts';
export { type Base, diffText, filePatchText, serverPatchText } from './patch-text.ts';
