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
	for (const [name, words, hint] of [
		["node", ["/usr/bin/node", "--require", "x.js", "/srv/app/server.js", "--port", "1"], "server.js"],
		["MainThread", ["/usr/bin/node", "/srv/app/server.js"], "node server.js"],
		["python3", ["python3", "-m", "http.server"], "http.server"],
		["python3", ["python3", "-c", "print(1)"], ""],
		["java", ["java", "-cp", "a:b", "org.example.Main"], "org.example.Main"],
		["java", ["java", "-jar", "/opt/x/app.jar"], "app.jar"],
		["run.sh", ["/bin/bash", "/opt/run.sh"], "bash"],
		["bash", ["bash", "/dev/fd/3"], ""],
		["bash", ["-bash"], ""],
		["chromium", ["/usr/lib/chromium/chromium --type=renderer --lang=en"], "renderer"],
		["chromium", ["chromium", "--type=utility", "--utility-sub-type=network.mojom.NetworkService"], "NetworkService"],
		["chrome_crashpad", ["/usr/lib/chrome_crashpad_handler", "--monitor-self"], ""],
		["postgres", ["postgres: writer process"], ""],
		["sleep", ["sleep", "5"], ""],
		["kworker", [], ""],
	] as const) {
		it(`${name}: ${words.join(" ") || "(none)"} → ${hint || "(none)"}`, () => {
			equal(commandHint({ name, commandLine: words }), hint);
		});
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
