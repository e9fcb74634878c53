import { deepEqual, equal } from "node:assert/strict";
import { commandHint } from "../../../src/extension/views/processes/commandHint";
import { matchesFilter } from "../../../src/extension/views/processes/processFilter";
import { foldChildren, largestResident } from "../../../src/extension/views/processes/processForest";
import { process } from "./samples";

describe("filter of the Processes view", () => {
	const node = process(4242, { name: "node", commandLine: ["/usr/bin/node", "Server.js"] });

	for (const [filter, matches] of [
		["", true],
		["  ", true],
		["NODE", true],
		["server.js node", true],
		["node python", false],
		["42", true],
		["4242", true],
		["242", false],
	] as const) {
		it(`${JSON.stringify(filter)} ${matches ? "matches" : "does not match"}`, () => {
			equal(matchesFilter(node, filter), matches);
		});
	}
});

describe("hint from the command line", () => {
	for (const [words, hint] of [
		[["/usr/bin/node", "--require", "x.js", "/srv/app/server.js", "--port", "1"], "server.js"],
		[["python3", "-m", "http.server"], "http.server"],
		[["python3", "-c", "print(1)"], ""],
		[["java", "-cp", "a:b", "org.example.Main"], "org.example.Main"],
		[["java", "-jar", "/opt/x/app.jar"], "app.jar"],
		[["-bash"], ""],
		[["/usr/lib/chromium/chromium --type=renderer --lang=en"], "renderer"],
		[["chromium", "--type=utility", "--utility-sub-type=network.mojom.NetworkService"], "NetworkService"],
		[["sleep", "5"], ""],
		[[], ""],
	] as const) {
		it(`${words.join(" ") || "(none)"} → ${hint || "(none)"}`, () => equal(commandHint(words), hint));
	}
});

describe("children under parents", () => {
	const shell = process(100);
	const make = process(200, { parentPid: 100 });
	const compiler = process(300, { parentPid: 200, rss: 9e9 });
	const orphan = process(400, { parentPid: 1 });
	const pids = (list: readonly { pid: number }[] | undefined) => list?.map(({ pid }) => pid);

	it("makes roots of orphans and of init's children", () => {
		const forest = foldChildren([shell, make, compiler, orphan]);
		deepEqual(pids(forest.roots), [100, 400]);
		deepEqual(pids(forest.children.get("100:1000")), [200]);
		deepEqual(pids(forest.children.get("200:2000")), [300]);
	});

	it("cannot be led into a cycle by reused pids", () => {
		const a = process(500, { parentPid: 600, startTime: 5n });
		const b = process(600, { parentPid: 500, startTime: 5n });
		deepEqual(pids(foldChildren([a, b]).roots), [500]);
		const self = process(700, { parentPid: 700 });
		deepEqual(pids(foldChildren([self]).roots), [700]);
	});

	it("ranks a parent by the largest below it", () => {
		const largest = largestResident(foldChildren([shell, make, compiler]));
		equal(largest.get("100:1000"), 9e9);
		equal(largest.get("300:3000"), 9e9);
	});
});
