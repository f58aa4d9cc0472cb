/** The formats by name: one writer a file. */
import { csvWriter } from './csv.ts';
import { githubWriter } from './github.ts';
import { gitlabWriter } from './gitlab.ts';
import { htmlWriter } from './html.ts';
import { jsonWriter } from './json.ts';
import { junitWriter } from './junit.ts';
import { listWriter } from './list.ts';
import { markdownWriter } from './markdown.ts';
import { sarifWriter } from './sarif.ts';
import { tableWriter } from './table.ts';
import type { WriterFactory } from './report.ts';

export const FORMATS: Readonly<Record<string, WriterFactory>> = {
  table: tableWriter,
  list: listWriter,
  json: jsonWriter,
  sarif: sarifWriter,
  junit: junitWriter,
  html: htmlWriter,
  markdown: markdownWriter,
  csv: csvWriter,
  gitlab: gitlabWriter,
  github: githubWriter,
};
