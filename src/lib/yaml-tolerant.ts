/**
 * The tolerant parser, for text that the others refuse though kubectl reads it. Loading it takes longer than a small
 * scan, so this file is only ever imported when it is needed: by name, as a bundle gives such a package no names.
 */
import { type Document, parseDocument } from 'yaml';

/** Throws where it is no YAML for this parser either. */
export function parseTolerant(text: string): Document {
  const document = parseDocument(text, { version: '1.1', merge: true, uniqueKeys: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return document;
}
