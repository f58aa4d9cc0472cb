/** How long a CronJob may go without running: by the days that its schedule names, not by the minutes. */

const DAY = 86_400;
/** Long enough to hold a 29th of February. */
const DAYS = 366 * 9;
const NICKNAMES: Readonly<Record<string, number>> = {
  '@yearly': 366 * DAY,
  '@annually': 366 * DAY,
  '@monthly': 31 * DAY,
  '@weekly': 7 * DAY,
  '@daily': DAY,
  '@midnight': DAY,
  '@hourly': DAY,
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * The longest time between the days of two runs, in seconds; at least a day. Undefined where the schedule cannot be read
 * or never comes. Semantics: github.com/robfig/cron/v3, standard fields; a day is named by its number or its weekday
 * where both are narrowed.
 */
export function longestPeriod(schedule: string): number | undefined {
  const text = schedule.trim().replace(/^(CRON_)?TZ=\S+\s+/, '');
  const nickname = NICKNAMES[text.toLowerCase()];
  if (nickname !== undefined) return nickname;
  const fields = text.split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [, , dayField = '', monthField = '', weekdayField = ''] = fields;
  const [days, months, weekdays] = [
    valuesOf(dayField, { from: 1, to: 31, names: [] }),
    valuesOf(monthField, { from: 1, to: 12, names: MONTHS }),
    valuesOf(weekdayField, { from: 0, to: 7, names: WEEKDAYS }),
  ];
  if (days === undefined || months === undefined || weekdays === undefined) return undefined;
  const isOpen = (field: string): boolean => field.startsWith('*') || field === '?';
  const either = !isOpen(dayField) && !isOpen(weekdayField);
  let [last, longest] = [-1, 0];
  const start = Date.UTC(2020, 0, 1);
  for (let index = 0; index < DAYS; index += 1) {
    const date = new Date(start + index * DAY * 1000);
    if (!months.has(date.getUTCMonth() + 1)) continue;
    const [byDay, byWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay()) || (date.getUTCDay() === 0 && weekdays.has(7))];
    if (!(either ? byDay || byWeekday : byDay && byWeekday)) continue;
    if (last >= 0) longest = Math.max(longest, index - last);
    last = index;
  }
  return longest === 0 ? undefined : longest * DAY;
}

/** Undefined where the field is not as it should be. */
function valuesOf(
  field: string,
  { from, to, names }: { from: number; to: number; names: readonly string[] },
): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', stepText, more] = part.split('/');
    const step = stepText === undefined ? 1 : /^\d+$/.test(stepText) ? Number(stepText) : 0;
    if (more !== undefined || step < 1) return undefined;
    const [lowText = '', highText, rest] = range.split('-');
    const isAll = range === '*' || range === '?';
    const low = isAll ? from : numberOf(lowText, from, names);
    // A start with a step and no end goes on to the last.
    const high = isAll ? to : highText === undefined ? (stepText === undefined ? low : to) : numberOf(highText, from, names);
    if (rest !== undefined || low === undefined || high === undefined || low < from || high > to || low > high) return undefined;
    for (let value = low; value <= high; value += step) values.add(value);
  }
  return values;
}

function numberOf(text: string, from: number, names: readonly string[]): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? undefined : index + from;
}
