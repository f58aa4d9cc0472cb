/** Fixes as a patch: of files a diff; of a cluster, or of a snapshot of one, what to tell its server. */
import type { Fix, State } from '../changes/index.ts';
import { type Files, type ServerStep, fileEdits, serverSteps } from '../changes/edits/index.ts';
import { filePatchText, serverPatchText } from '../report/patch/index.ts';
import { isOfCluster } from '../snapshot/index.ts';
import { baseOf } from './source-files.ts';

export function patchOf(state: State, fixes: readonly Fix[], files: Files): string {
  const changes = fixes.map(({ change }) => change);
  if (files.sources === undefined && state.objects.every(({ origin }) => isOfCluster(origin)))
    return serverPatchText({ fixes, steps: stepsOf(state, fixes) });
  const { edits, unplaced, notes } = fileEdits(state.objects, changes, files);
  return filePatchText({ fixes, edits, unplaced, notes, base: baseOf(edits) });
}

/** Each on what those before it left. */
function stepsOf(state: State, fixes: readonly Fix[]): ServerStep[][] {
  const all = serverSteps(
    state.objects.map(({ object }) => object),
    fixes.map(({ change }) => change),
  );
  let at = 0;
  return fixes.map(({ change }) => all.slice(at, (at += change.patches.filter(({ node }) => node === undefined).length)));
}
