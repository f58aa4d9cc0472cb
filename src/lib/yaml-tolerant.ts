/**
 * The tolerant parser, for text that the others refuse though kubectl reads it. Loading it takes longer than a small
 * scan, so this file is only ever imported when it is needed: by name, as a bundle gives such a package no names.
 */
import { type Document, parseDocument } from 'yaml';

/** Throws where it is no YAML for this parser either. */
export function parseTolerant(text: string): Document {
  const document = parseWithErrors(text);
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return document;
}

/** What it makes of the text, and what it finds wrong with it. */
export function parseWithErrors(text: string): Document.Parsed {
  return parseDocument(text, { version: '1.1', merge: true, uniqueKeys: false, logLevel: 'silent' });
}
