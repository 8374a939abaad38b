/** IAM tells times to the second: `2026-11-21T07:31:36Z`. */
export function wholeSecond(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
