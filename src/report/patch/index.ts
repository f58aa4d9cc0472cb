export { kubectlText, quoted } from './kubectl.ts';
export { nodeText } from './node-text.ts';
export { fixesMarkdown } from './markdown.ts';
export { type Base, diffText, filePatchText, serverPatchText } from './patch-text.ts';
