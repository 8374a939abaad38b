/** IAM asks only that an action is `vendor:name` or `*`, not that there is such a vendor or name. @returns undefined when it takes them. */
export function actionMistake(actions: readonly string[]): string | undefined {
  for (const action of actions) {
    const [vendor = '', ...names] = action.split(':');
    if (action === '*') continue;
    if (names.length === 0) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
    if (names.length > 1) return 'Actions/Condition can contain only one colon.';
    if (vendor !== '*' && !/^[a-z0-9.-]+$/i.test(vendor)) return `Vendor ${vendor} is not valid`;
  }
  return undefined;
}
