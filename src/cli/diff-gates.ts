/** What a gate on two states may be made of; beside the command, as the help names them without loading it. */
export const GATES = [
  'new-path',
  'new-exposed-path',
  'new-critical',
  'new-high',
  'lost-use',
  'lower-level',
  'new-connection',
  'lost-connection',
] as const;

export type Gate = (typeof GATES)[number];
