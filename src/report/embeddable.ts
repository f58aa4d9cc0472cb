/** Data inside a page. */

/** JSON that can stand inside a script element: nothing in it can end the element or open a comment. */
export function embeddable(value: unknown): string {
  return JSON.stringify(value).replaceAll(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Beside the bracket what an editor or a terminal would act on; JSON has put the first control characters away. */
const UNSAFE = /[<\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g;
