/** Who may import whom: the one table behind the lint and its test (ARCHITECTURE.md shows it as a picture). */

/** From left to right: a room may import what stands right of it, through its index.ts. */
const ORDER = [
  ['cli', 'service', 'agent'],
  ['report', 'store', 'enforce'],
  ['changes'],
  ['observe'],
  ['rules'],
  ['graph'],
  ['engines'],
  ['model'],
  ['snapshot', 'record'],
  ['lib'],
] as const;

/** Reads the outside world into snapshots and records of use, and knows nothing of what is done with them. */
const COLLECT = { room: 'collect', mayImport: ['snapshot', 'record', 'lib'] } as const;

const ALL: readonly string[] = [...ORDER.flat(), COLLECT.room];

/** Only what starts things may reach the outside by itself. */
const MAY_COLLECT = new Set(['cli', 'service', 'agent']);

export function roomsThatMayBeImportedBy(room: string): Set<string> {
  if (room === COLLECT.room) return new Set([room, ...COLLECT.mayImport]);
  const level = ORDER.findIndex((rooms) => (rooms as readonly string[]).includes(room));
  const right = ORDER.slice(level + 1).flat();
  return new Set([room, ...right, ...(MAY_COLLECT.has(room) ? [COLLECT.room] : [])]);
}

interface RestrictedPattern {
  group: string[];
  message: string;
}

/** For each room the import patterns that are forbidden in it. */
export function restrictedImports(): { room: string; patterns: RestrictedPattern[] }[] {
  return ALL.map((room) => {
    const allowed = roomsThatMayBeImportedBy(room);
    const forbidden = ALL.filter((other) => !allowed.has(other));
    const patterns: RestrictedPattern[] = [];
    if (forbidden.length > 0) {
      patterns.push({
        group: forbidden.map((other) => `**/../${other}/**`),
        message: `src/${room} may not import this room; see tools/rooms.ts`,
      });
    }
    const doors = [...allowed].filter((other) => other !== room && other !== 'lib');
    for (const other of doors) {
      patterns.push({
        group: [`**/../${other}/**`, `!**/../${other}/index.ts`, `!**/../${other}/*/index.ts`],
        message: `import src/${other} through its index.ts`,
      });
    }
    return { room, patterns };
  });
}
