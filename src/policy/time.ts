/**
 * Dates as AWS takes them in conditions: W3C profile of ISO 8601, from a year alone to fractions of a second with a zone, or seconds
 * since 1970. Without a zone: UTC. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @returns milliseconds since 1970, or undefined for what is no date.
 */
export function parseTime(text: string): number | undefined {
  if (/^\d+$/.test(text)) return BigInt(text) <= 0x7fff_ffff_ffff_ffffn ? Number(text) * 1000 : undefined;
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = 1, day = 1, hour = 0, minute = 0, second = 0, fraction = '', , sign, zoneHour = 0] =
    match;
  const zoneMinute = match[11] ?? 0;
  const fields = [+month, +day, +hour, +minute, +second, +zoneHour, +zoneMinute] as const;
  if (fields.some((field, at) => field < ranges[at]![0] || field > ranges[at]![1])) return undefined;
  if (Math.abs(+year) > 275_000) return +year < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const date = new Date(0);
  date.setUTCFullYear(+year, +month - 1, +day);
  date.setUTCHours(+hour, +minute, +second, Math.floor(+`0.${fraction || 0}` * 1000));
  const offset = (+zoneHour * 60 + +zoneMinute) * 60_000;
  return date.getTime() - (sign === '-' ? -offset : offset);
}

const form =
  /^(-?\d{1,9})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[Tt](?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?)?([Zz]|([+-])(\d{2})(?::?(\d{2}))?)?)?$/;

const ranges = [
  [1, 12],
  [1, 31],
  [0, 23],
  [0, 59],
  [0, 59],
  [0, 23],
  [0, 59],
] as const;
