/** The formats by name. A writer's module is loaded when its format is asked for. */
import type { WriterFactory } from './report.ts';

export const FORMATS: Readonly<Record<string, () => Promise<WriterFactory>>> = {
  table: async () => (await import('./table.ts')).tableWriter,
  list: async () => (await import('./list.ts')).listWriter,
  json: async () => (await import('./json.ts')).jsonWriter,
};
