/** The findings as the page reads them: every text once, rows of numbers that point at texts. */
import { SEVERITIES, STATUSES, type Change, type Evidence, type Finding, FRAMEWORKS, type Rule } from '../rules/index.ts';
import { embeddable } from './embeddable.ts';
import { placeIn } from './place.ts';
import type { ReportFrame } from './report.ts';
import { sourceLines } from './source-lines.ts';
import { displaySubject } from './subject.ts';
import { oneLine } from './one-line.ts';
import { valueText } from './words.ts';

const MOST_EVIDENCE = 12;

export class PageData {
  readonly #texts: string[] = [];
  readonly #textIndex = new Map<string, number>();
  readonly #rules: Rule[] = [];
  readonly #ruleIndex = new Map<string, number>();
  readonly #subjects: number[][] = [];
  readonly #subjectIndex = new Map<string, number>();
  readonly #rows: string[] = [];
  #source: ReportFrame['source'] | undefined;

  begin(source: ReportFrame['source']): void {
    this.#source = source;
  }

  add(finding: Finding): void {
    const { rule, status, severity, message, fingerprint, also, reason, addOn, change } = finding;
    this.#rows.push(
      embeddable([
        this.#rule(rule),
        STATUSES.indexOf(status),
        SEVERITIES.indexOf(severity),
        this.#subject(finding),
        this.#text(oneLine(message)),
        fingerprint,
        finding.evidence.slice(0, MOST_EVIDENCE).map((evidence) => this.#evidence(evidence, finding)),
        also.map((id) => this.#text(id)),
        reason === undefined ? -1 : this.#text(oneLine(reason)),
        change === undefined ? 0 : this.#change(change),
        addOn === undefined ? -1 : this.#text(oneLine(`${addOn.name} (${addOn.purpose}): ${addOn.reason}`)),
      ]),
    );
  }

  /** In pieces, since a large cluster's report is longer than a string should be. */
  *pieces(head: Record<string, unknown>): Generator<string> {
    yield `${embeddable({
      ...head,
      severities: SEVERITIES,
      statuses: STATUSES,
      frameworks: Object.fromEntries(FRAMEWORKS.map(({ id, title }) => [id, title])),
      rules: this.#rules.map(({ id, title, area, rationale, remedy, controls }) => [
        id,
        title,
        area,
        rationale,
        remedy,
        controls.map((control) => [control.framework, control.id]),
      ]),
      subjects: this.#subjects,
    }).slice(0, -1)},\n"texts":[`;
    for (const [index, text] of this.#texts.entries()) yield (index === 0 ? '' : ',\n') + embeddable(text);
    yield '],\n"findings":[';
    for (const [index, row] of this.#rows.entries()) yield (index === 0 ? '\n' : ',\n') + row;
    yield ']}';
  }

  #text(text: string): number {
    let index = this.#textIndex.get(text);
    if (index === undefined) this.#textIndex.set(text, (index = this.#texts.push(text) - 1));
    return index;
  }

  #rule(rule: Rule): number {
    let index = this.#ruleIndex.get(rule.id);
    if (index === undefined) this.#ruleIndex.set(rule.id, (index = this.#rules.push(rule) - 1));
    return index;
  }

  #subject({ subject }: Finding): number {
    const { kind, namespace, name, container = '' } = subject;
    const key = `${kind}\0${namespace}\0${name}\0${container}`;
    let index = this.#subjectIndex.get(key);
    if (index === undefined) {
      const shown = [kind, kind === 'Namespace' ? name : namespace, name, container, displaySubject(subject)];
      this.#subjectIndex.set(key, (index = this.#subjects.push(shown.map((text) => this.#text(oneLine(text, 400)))) - 1));
    }
    return index;
  }

  #evidence(evidence: Evidence, { subject }: Finding): unknown[] {
    const place = this.#source === undefined ? undefined : placeIn(evidence, subject, this.#source);
    const value = valueText(evidence.value);
    const lines = sourceLines(evidence, 200);
    const row: unknown[] = [
      place === undefined ? -1 : this.#text(oneLine(place.path, 600)),
      place?.file === true && evidence.origin.text !== undefined ? place.line : 0,
      this.#text(oneLine(evidence.path, 600)),
      value === undefined ? -1 : this.#text(value),
    ];
    if (lines.length > 0) row.push(lines.map(({ number, text, marked }) => [number, this.#text(text), marked ? 1 : 0]));
    return row;
  }

  #change({ patches, effort }: Change): unknown[] {
    return [
      this.#text(effort),
      patches.map(({ target, operation, patch, object, file }) => [
        this.#text(oneLine(target, 600)),
        this.#text(operation),
        this.#text(JSON.stringify(operation === 'create' ? object : patch)),
        file === undefined ? -1 : this.#text(oneLine(file, 600)),
      ]),
    ];
  }
}
