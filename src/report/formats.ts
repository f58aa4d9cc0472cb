/** The formats by name. A writer's module is loaded when its format is asked for. */
import type { WriterFactory } from './report.ts';

export const FORMATS: Readonly<Record<string, () => Promise<WriterFactory>>> = {
  table: async () => (await import('./table.ts')).tableWriter,
  list: async () => (await import('./list.ts')).listWriter,
  json: async () => (await import('./json.ts')).jsonWriter,
  sarif: async () => (await import('./sarif.ts')).sarifWriter,
  junit: async () => (await import('./junit.ts')).junitWriter,
  html: async () => (await import('./html.ts')).htmlWriter,
  markdown: async () => (await import('./markdown.ts')).markdownWriter,
  csv: async () => (await import('./csv.ts')).csvWriter,
  gitlab: async () => (await import('./gitlab.ts')).gitlabWriter,
  github: async () => (await import('./github.ts')).githubWriter,
};
