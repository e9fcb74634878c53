import type { Locator } from "playwright-core";

/** How long what is open may take to answer before it counts as closed. */
export const soon = { timeout: 4000 };

/** Whether something becomes visible soon, for those who try again when it does not. */
export async function appears(target: Locator, within = soon): Promise<boolean> {
	return await target.waitFor(within).then(
		() => true,
		() => false,
	);
}
