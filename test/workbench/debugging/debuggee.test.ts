import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Locator } from "playwright-core";
import { Debugging } from "../harness/debugging";
import { MapView } from "../harness/mapView";

/**
 * One session of `chain`, followed as a person does: two breakpoints, and the fault that it dies of. Each test goes on
 * where the one before has stopped.
 */
describe("a debuggee", () => {
	let debugging: Debugging;
	let map: MapView;
	/** What the program has printed: where its memory lies. */
	let arena: bigint;
	let report: bigint;

	before(async () => {
		debugging = await Debugging.start("chain", {
			settings: { "mapscope.debug.fingerprintBudget": 2000, "mapscope.debug.inlineHints": true },
		});
		await debugging.setBreakpoints(45, 53);
	});
	after(() => debugging?.stop());

	/** The rows of the Debuggee Mappings view. */
	const row = (name: string | RegExp) => debugging.row("Debuggee Mappings", name);
	/** The chips of the stops, by what a screen reader says. */
	const chip = (name: RegExp): Locator => map.frame.getByRole("option", { name });
	const list = (name: RegExp): Locator => map.frame.getByRole("listbox", { name });

	/** The title of the list that says what an address is. */
	const asked = () => debugging.workbench.page.getByText("What Is This Address?");

	/** How the Memory Map names the page of an address when it is selected, by what the kernel says of the process. */
	const place = async (address: bigint): Promise<RegExp> => {
		const text = await readFile(`/proc/${await debugging.pid()}/maps`, "latin1");
		for (const [, first = "", end = ""] of text.matchAll(/^([0-9a-f]+)-([0-9a-f]+) /gm)) {
			const [start, stop] = [BigInt(`0x${first}`), BigInt(`0x${end}`)];
			if (address < start || address >= stop) continue;
			const count = (pages: bigint) => pages.toLocaleString("en-US");
			return new RegExp(`, page ${count((address - start) / 4096n + 1n)} of ${count((stop - start) / 4096n)}(,|$)`);
		}
		throw new Error(`nothing is mapped at ${hex(address)}`);
	};

	it("lists its mappings in Run and Debug when it stops", async () => {
		await debugging.begin();
		await debugging.unfoldView("Debuggee Mappings");
		await row(/^chain, process \d+, stop 1, \d+ mappings$/).waitFor();
		await row(/^Stacks, /).waitFor();
		await row(/^Modules, /).waitFor();
		arena = await debugging.printed("arena");
	});

	it("has its stops as chips in its Memory Map, beside the source", async () => {
		await debugging.workbench.runCommand("Mapscope: Show Debuggee in Memory Map");
		map = new MapView(debugging.workbench, await debugging.workbench.webview(".stop-chip"));
		await debugging.workbench.settles(
			() => map.frame.locator(".process-pid").innerText(),
			`PID ${await debugging.pid()}`,
		);
		await chip(/^Stop 1, chain\.c:45, \d+ mappings, .*, shown$/).waitFor();
		await map.frame.getByText("This is the first stop that is known").waitFor();
	});

	it("marks what changed with letters, in the tree and in the map", async () => {
		await debugging.resume();
		await row(/^chain, process \d+, stop 2, .*new.*written$/).waitFor();
		report = await debugging.printed("report");
		await chip(/^Stop 2, chain\.c:53, .*1 reprotected, \d+ pages written, .*, shown$/).waitFor();
		const changes = list(/^Since stop 1, /);
		// The first four pages of the arena lost their write access, and one new mapping has what malloc gave.
		const reprotected = changes.getByRole("option", { name: /, reprotected, / });
		match(String(await reprotected.getAttribute("aria-label")), new RegExp(`address ${hex(arena)}, permissions rw-p → r--p, size 16 KiB, 4 pages written`)); // biome-ignore format: one
		await changes.getByRole("option", { name: new RegExp(`, new, address ${hex(report - 16n)}, `) }).waitFor();
		await debugging.workbench.unfold(row(/^Anonymous, .*1 new/));
		await row(new RegExp(`address ${hex(report - 16n)}, .*, new, 1\\d pages written$`)).waitFor();
		await debugging.workbench.page.getByRole("button", { name: /This stop: .*pages written/ }).waitFor();
	});

	it("hints behind a pointer in the source at what it points to, if one likes", async () => {
		const { workbench } = debugging;
		// The last node of the list: 0x7ce0 into the arena, whose first 16 KiB are a mapping of their own by now.
		await debugging.follow("editor", "→ Anonymous + 0x3ce0", "Anonymous", asked());
		await workbench.page.getByRole("option", { name: /Anonymous \+ 0x3ce0/ }).waitFor();
		await workbench.page.keyboard.press("Escape");
	});

	it("says on hover what pointers and addresses in the source are, with a way to their pages", async () => {
		const { workbench } = debugging;
		await workbench.page.getByRole("tab", { name: "chain.c" }).click();
		await debugging.hover("memset(report", "report", async (hover) => {
			await hover.getByText(`0x${report.toString(16)} Anonymous + 0x10`).waitFor();
		});
		await debugging.open("notes.txt", `The arena is at 0x${arena.toString(16)}.\n`);
		await debugging.hover("The arena", "0x", async (hover) => {
			await hover.getByText(`0x${arena.toString(16)} Anonymous`, { exact: true }).waitFor();
			await hover.getByText(/[0-9a-f]{8,}–[0-9a-f]{8,} r--p/).waitFor();
			await hover.getByRole("link", { name: "Show in Memory Map" }).click();
		});
		await workbench.settles(() => map.announced(), await place(arena));
		await map.frame.getByRole("button", { name: "Changes", exact: true }).click();
		await workbench.page
			.getByRole("tab", { name: "notes.txt" })
			.getByRole("button", { name: /^Close/ })
			.click();
	});

	it("compares any two stops", async () => {
		await debugging.resume();
		await chip(/^Stop 3, chain\.c:\d+, .*, shown$/).waitFor();
		await chip(/^Stop 1, /).click({ modifiers: ["Shift"] });
		await list(/^Between stops 1 and 3, /).waitFor();
		await chip(/^Stop 1, .*, compared with$/).waitFor();
		await chip(/^Stop 3, /).click();
		await list(/^Since stop 2, /).waitFor();
		await list(/^Between stops 1 and 2, /).waitFor();
	});

	it("explains the fault first, with a way to its place in memory", async () => {
		const card = map.frame.getByRole("article", { name: "Why the program stopped" });
		await card.getByRole("heading", { name: /^Stack overflow in thread \d+/ }).waitFor();
		const text = await card.innerText();
		match(text, /\(SIGSEGV\) hit the guard below this thread’s stack, [\d,]+ bytes below its lowest byte/);
		await card.getByRole("button", { name: "What is a guard page?" }).click();
		await card.getByText("A page without any access").waitFor();
		const address = BigInt(/0x[0-9a-f]+/.exec(text)?.[0] ?? "0");
		await card.getByRole("button", { name: "Show in Memory Map" }).click();
		await debugging.workbench.settles(() => map.announced(), await place(address));
		await map.frame.getByRole("button", { name: "Changes", exact: true }).click();
		match(text, /depth calls itself\./);
		await card.getByRole("button", { name: "Go to where the recursion began" }).click();
		// The outermost of the 126 frames that have room in the stack, which stands behind its call of itself.
		await debugging.workbench.page.getByText(/^The recursion began in frame 12\d of the stack$/).waitFor();
		await debugging.workbench.page.getByText("Ln 31, Col 1").waitFor();
	});

	it("shows a pointer of the Variables view in the Memory Map: the page it points to, not the one it lies in", async () => {
		const { workbench } = debugging;
		// The innermost frame has no room for its variables any more.
		await debugging.frame(/31:/).click();
		const variable = debugging.row("Debug Variables", /^node/);
		const value = await workbench.until("the value of node", async () => {
			const [text] = /0x[0-9a-f]{6,}/.exec(await variable.innerText({ timeout: 1000 }).catch(() => "")) ?? [];
			return text !== undefined && BigInt(text) !== 0n && BigInt(text);
		});
		ok(value >= arena && value < arena + (1n << 20n), `node is ${hex(value)}`);
		await debugging.workbench.choose("Show in Memory Map", variable);
		await workbench.settles(() => map.announced(), await place(value));
	});

	it("says what a pointer points to, and takes another address", async () => {
		const { workbench } = debugging;
		await debugging.workbench.choose("What Is This Address?", debugging.row("Debug Variables", /^node/));
		await workbench.page.getByText("What Does node Point To?").waitFor();
		await workbench.page.getByRole("option", { name: /Readable, .*private/ }).waitFor();
		await workbench.type("10");
		await workbench.page.getByRole("option", { name: /Nothing is mapped there/ }).waitFor();
		await workbench.page.keyboard.press("Escape");
	});

	it("says how much of its stack a frame uses", async () => {
		const { workbench } = debugging;
		await debugging.workbench.choose("What Is This Address?", debugging.frame(/31:/));
		const fact = workbench.page.getByRole("option", { name: /Thread \d+ uses 5\d\d KiB of 512 KiB of its stack/ });
		await fact.waitFor();
		await workbench.page.getByRole("option", { name: /Show Code in Memory Map/ }).waitFor();
		await workbench.page.keyboard.press("Escape");
	});

	it("stands beside that of another session, whose process a person chooses", async () => {
		const { workbench } = debugging;
		await debugging.begin("quiet");
		// It comes below the many rows of the first one.
		await workbench.unfold(row(/^chain, process \d+, stop 3, /), { unfolded: false });
		await row(/^quiet, debug session, process not known$/).waitFor();
		await row("The debugger does not say which process it debugs.").waitFor();
		await row("Choose Process…").click();
		await workbench.page.getByText("Process of quiet").waitFor();
		// What a debugger holds comes first, and of that what began last.
		await workbench.page
			.getByRole("option", { name: /chain, \d+ · held by a debugger · started at / })
			.first()
			.waitFor();
		await workbench.page.keyboard.press("Enter");
		await row(/^chain, process \d+, stop 1, \d+ mappings$/).waitFor();
		await row(/^chain, process \d+, stop 3, /).waitFor();
		await debugging.focus("quiet");
		await workbench.runCommand("Debug: Stop");
		await row(/^chain, process \d+, stop 1, /).waitFor({ state: "detached" });
		await row(/^chain, process \d+, stop 3, /).waitFor();
	});

	it("makes links of addresses in terminals", async () => {
		const { workbench } = debugging;
		await workbench.runCommand("Terminal: Create New Terminal");
		// What is typed before the terminal has the focus goes elsewhere.
		await workbench.page.locator(".terminal-wrapper.active .xterm.focus").waitFor();
		await workbench.page.keyboard.type(`echo a $((1)) 0x${report.toString(16)}\n`);
		await debugging.follow("terminal", "a 1 0x", "0x", asked());
		await workbench.page.getByRole("option", { name: /Anonymous \+ 0x10/ }).waitFor();
		await workbench.page.keyboard.press("Escape");
	});

	it("keeps the last stop when it has ended", async () => {
		const { workbench } = debugging;
		await workbench.runCommand("Debug: Stop");
		await map.frame.getByRole("button", { name: "Changes", exact: true }).click();
		await map.frame.getByText("The program has ended. What is shown is stop 3.").waitFor();
		await chip(/^Stop 3, /).waitFor();
		deepEqual(await workbench.notifications(), []);
		equal(await debugging.view("Debuggee Mappings").count(), 0);
	});

	it("gives the place of its map to its next run", async () => {
		const { workbench } = debugging;
		const shownPid = async () => {
			const frame = await workbench.webview(".stop-chip");
			return await frame
				.locator(".process-pid")
				.innerText({ timeout: 1000 })
				.catch(() => ""); // the page of a map is made anew when it was covered
		};
		let former = "";
		await workbench.until("the map of the last run", async () => {
			former = await shownPid();
			return former !== "";
		});
		await debugging.begin("chain");
		const tab = workbench.page.getByRole("tab", { name: /^Memory Map: chain/ });
		await workbench.until("the map of the next run", async () => ![former, ""].includes(await shownPid()));
		await workbench.settles(() => tab.count(), 1);
		deepEqual(workbench.problems, []);
	});
});

function hex(address: bigint): string {
	return address.toString(16).padStart(8, "0");
}
