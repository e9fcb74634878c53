import { Child } from "../../support/child";
import { compileWith, makeProgramFolder } from "../../support/elfPrograms";
import { MapView } from "../harness/mapView";
import { sharedWorkbench } from "../harness/shared";
import type { Workbench } from "../harness/workbench";

describe("An address in the Memory Map", () => {
	let workbench: Workbench;
	let map: MapView;
	let child: Child;
	let folder: Awaited<ReturnType<typeof makeProgramFolder>>;

	before(async () => {
		folder = await makeProgramFolder();
		child = await Child.start(await compileWith(folder.path, "symbols", "symbols", []), []);
		workbench = await sharedWorkbench();
		map = await MapView.open(workbench, child.pid);
	});
	after(async () => {
		await child?.stop();
		await folder?.remove();
	});

	/** Where the program said that one of its symbols is. */
	const at = (name: string): bigint =>
		BigInt(`0x${child.words.find((word) => word.startsWith(`${name}=`))?.split("=")[1]}`);
	const prompt = (text: string) => workbench.page.locator(".quick-input-widget", { hasText: text });

	it("is explained while it is typed", async () => {
		await map.list.press("g");
		await workbench.type((at("hidden_function") + 2n).toString(16));
		await prompt("symbols .text, hidden_function + 0x2").waitFor();
		await workbench.type(at("gap").toString(16));
		await prompt("Nothing is mapped there: 291 B after Anonymous").waitFor();
		await workbench.page.keyboard.press("Escape");
	});

	it("leads to a page whose section and symbol are told", async () => {
		await map.goTo(at("zero_data") + 0x20000n);
		await map.details.getByRole("heading", { name: "symbols · BSS" }).waitFor();
		await map.list.press("Enter");
		const fact = (name: string) => map.details.locator("dt", { hasText: name }).locator("+ dd");
		await fact("Section").getByText(".bss").waitFor();
		await fact("Symbol")
			.getByText(/^zero_data \+ 0x1[0-9a-f]{4}$/)
			.waitFor();
	});
});
