import Mocha from "mocha";

const mark = " — skipped: ";

/**
 * Skips the running test, or from a `before` hook its whole suite, for a reason that becomes part of its title.
 * A test that is skipped in any other way counts as failed.
 */
export function skip(context: Mocha.Context, reason: string): never {
	const runnable = context.test;
	const skipsSuite = runnable instanceof Mocha.Hook && runnable.title.startsWith('"before all"');
	const skipped = skipsSuite ? runnable.parent : (context.currentTest ?? runnable);
	if (skipped) skipped.title += `${mark}${reason}`;
	return context.skip();
}

/** Whether a test was skipped by {@link skip}. */
export function hasReason(test: Mocha.Test): boolean {
	return test.fullTitle().includes(mark);
}
