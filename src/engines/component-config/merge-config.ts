/** Files laid over each other as the kubelet lays its drop-ins: a JSON merge patch each (RFC 7386). */
import { joinPath } from '../../lib/field-path.ts';
import { isRecord } from '../../lib/record.ts';

const DEEPEST = 50;

/** `told` hears of every field that the patch sets, with its path. */
export function mergePatch(base: unknown, patch: unknown, told: (path: string) => void): unknown {
  return merged(base, patch, { path: '', depth: 0, told });
}

interface At {
  path: string;
  depth: number;
  told: (path: string) => void;
}

function merged(base: unknown, patch: unknown, at: At): unknown {
  if (!isRecord(patch) || at.depth > DEEPEST) {
    at.told(at.path);
    return patch;
  }
  const result: Record<string, unknown> = isRecord(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    const path = joinPath(at.path, key);
    if (value === null) {
      delete result[key];
      at.told(path);
    } else result[key] = merged(result[key], value, { ...at, path, depth: at.depth + 1 });
  }
  return result;
}
