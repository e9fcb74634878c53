import { join } from "node:path";
import type { Page } from "playwright-core";
import { checkout } from "../../support/checkout";

/** Pages that are open now. Global, because each test file is a bundle with its own copy of this module. */
export const openPages: Set<Page> = sharedSet();

/** Pictures taken: a test may fail twice. */
let taken = 0;

/** Takes a picture of each open page, into `out/failures/`: what a failed test saw. */
export async function keepEvidence(title: string): Promise<void> {
	const name = title.replaceAll(/\W+/g, "-").slice(0, 100);
	for (const page of openPages) {
		const path = join(checkout, "out/failures", `${name}-${++taken}.png`);
		await page.screenshot({ path });
		console.log(`      what it saw: ${path}`);
	}
}

function sharedSet(): Set<Page> {
	const shared = globalThis as { mapscopeOpenPages?: Set<Page> };
	shared.mapscopeOpenPages ??= new Set();
	return shared.mapscopeOpenPages;
}
