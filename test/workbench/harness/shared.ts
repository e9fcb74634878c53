import { Workbench } from "./workbench";

/** Global, because each test file is a bundle with its own copy of this module. */
const shared = globalThis as { mapscopeWorkbench?: { started?: Promise<Workbench> } };

if (!shared.mapscopeWorkbench) {
	const slot: { started?: Promise<Workbench> } = {};
	shared.mapscopeWorkbench = slot;
	after("the shared workbench", async () => {
		await (await slot.started)?.stop();
	});
}

/**
 * The workbench that test files use one after another: starting one takes seconds. It comes with nothing open, however
 * the last file has left it, refreshes twice a second, and ends with the tests.
 */
export async function sharedWorkbench(): Promise<Workbench> {
	const slot = shared.mapscopeWorkbench ?? {};
	if (!slot.started) {
		slot.started = Workbench.start({
			settings: { "mapscope.liveInterval": 500, "mapscope.processes.refreshInterval": 500 },
		});
		return await slot.started;
	}
	const workbench = await slot.started;
	workbench.problems.length = 0;
	await workbench.page.setViewportSize({ width: 1400, height: 900 });
	await workbench.page.keyboard.press("Escape");
	await workbench.closeEditors();
	await workbench.closeSideBar();
	return workbench;
}
