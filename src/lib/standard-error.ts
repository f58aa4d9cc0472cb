/** Standard error without Node's streams: to load them takes longer than to judge ten objects. */
import { writeAll } from './write-all.ts';

export const standardError = {
  write(text: string): void {
    try {
      writeAll(2, Buffer.from(text, 'utf8'));
    } catch {
      // Nobody listens; the report and the exit code are still wanted.
    }
  },
};
