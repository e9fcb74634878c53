import assert from "node:assert/strict";
import type { ErrorData } from "../../../src/shared/errors";
import type { ViewStatus } from "../../../src/shared/mapFrame";
import type { MapPanelSettings } from "../../../src/shared/mapPanel";
import {
	bytesErrorWords,
	clockTime,
	crowdedNotice,
	errorWords,
	incompleteNotice,
	liveWords,
	nothingMatches,
	periodWords,
	processType,
	statusNotice,
} from "../../../src/webview/memoryMap/words/view";
import { frameOf, rowWindowOf } from "./samples";

const { process, sample } = frameOf(rowWindowOf([]));
const denied: ErrorData = { code: "permissionDenied", path: "/proc/1/maps", errno: "EACCES" };

describe("the states of the view", () => {
	it("are sentences, each with what one can do", () => {
		const statuses: [ViewStatus, boolean, string | undefined][] = [
			[{ kind: "ended", time: 0 }, false, "watchNext"],
			[{ kind: "replaced", time: 0, formerName: "sh" }, false, undefined],
			[{ kind: "denied", error: denied }, true, "explainAccess"],
			[{ kind: "denied", error: { code: "io" } }, true, "retry"],
			[{ kind: "partlyDenied", error: denied }, false, "explainAccess"],
			[{ kind: "empty", why: "kernelThread" }, true, undefined],
			[{ kind: "empty", why: "zombie" }, true, undefined],
			[{ kind: "empty", why: "exiting" }, true, undefined],
			[{ kind: "restarted", time: 0 }, false, undefined],
		];
		for (const [status, instead, action] of statuses) {
			const notice = statusNotice(status, process);
			assert.match(notice?.text ?? "", /^[A-Z].*\.$/, status.kind);
			assert.equal(notice?.instead, instead, status.kind);
			assert.equal(notice?.action?.id, action, status.kind);
		}
		assert.equal(statusNotice({ kind: "ok" }, process), undefined);
	});

	it("say who owns a process, and its parent", () => {
		const { text } = statusNotice({ kind: "denied", error: denied }, { ...process, pid: 1, user: "root" }) ?? {};
		assert.equal(text, "Mapscope may not read PID 1. It belongs to root.");
		const zombie = statusNotice({ kind: "empty", why: "zombie" }, { ...process, parentPid: 99 });
		assert.match(zombie?.text ?? "", /its parent \(PID 99\)\.$/);
	});

	it("tell that something is missing in the picture", () => {
		assert.equal(incompleteNotice(sample), undefined);
		assert.match(incompleteNotice({ ...sample, unreadLines: 1 })?.text ?? "", /incomplete: One line of/);
		assert.match(incompleteNotice({ ...sample, unreadLines: 1234 })?.text ?? "", /1,234 lines of/);
		assert.match(incompleteNotice({ ...sample, unsteady: true })?.text ?? "", /may mix two programs/);
	});

	it("warn before the limit of mappings, and name who has most", () => {
		const totals = { virtual: 0, accessible: 0, mappings: 799, mappingLimit: 1000, mostMappings: [] };
		assert.equal(crowdedNotice(totals), undefined);
		const { mappingLimit: _, ...unlimited } = totals;
		assert.equal(crowdedNotice({ ...unlimited, mappings: 2 ** 20 }), undefined);
		const mostMappings = [
			{ name: "anonymous", mappings: 700 },
			{ name: "a\u202eb", mappings: 3 },
		];
		const notice = crowdedNotice({ ...totals, mappings: 800, mostMappings });
		assert.match(notice?.text ?? "", /limit of 1,000 mappings .* ENOMEM\.$/);
		assert.equal(notice?.detail, "Most of them: anonymous, a\\u{202e}b.");
		// One who has closed it is not told again because a count has changed.
		assert.equal(crowdedNotice({ ...totals, mappings: 900, mostMappings })?.text, notice?.text);
	});

	it("make hostile names visible", () => {
		const notice = statusNotice({ kind: "replaced", time: 0, formerName: "a\u202eb" }, { ...process, name: "x\ny" });
		assert.match(notice?.text ?? "", /^Became x\\ny at /);
		assert.ok(notice?.detail?.includes("a\\u{202e}b"));
	});
});

describe("errors", () => {
	it("say what happened and what to do next", () => {
		const errors: ErrorData[] = [
			denied,
			{ code: "processGone" },
			{ code: "unsupported", feature: "PAGEMAP_SCAN" },
			{ code: "io", errno: "EIO", path: "/proc/42/mem" },
			{ code: "bug", detail: "a secret\nstack" },
		];
		for (const error of errors) {
			assert.match(errorWords(error), /^[A-Z][^\n]*\.$/);
			assert.match(bytesErrorWords(error), /^These bytes cannot be read: .*\.$/);
		}
		assert.ok(!errorWords({ code: "bug", detail: "a secret" }).includes("secret"));
		assert.equal(bytesErrorWords({ code: "io", errno: "EIO" }), "These bytes cannot be read: EIO.");
	});
});

describe("the live button", () => {
	const settings: MapPanelSettings = {
		live: true,
		period: 1000,
		effectivePeriod: 1000,
		restore: { pid: 1, startTime: "1", name: "x" },
	};

	it("tells the period in force, and why it is longer than asked", () => {
		assert.equal(liveWords(settings, sample, false).label, "Live 1 s");
		const stretched = liveWords({ ...settings, effectivePeriod: 2400 }, sample, false);
		assert.equal(stretched.label, "Live 2.4 s");
		assert.match(stretched.tip, /You asked for 1 s; at most 3 %/);
	});

	it("says that it is off, and that there is nothing more to come", () => {
		assert.equal(liveWords({ ...settings, live: false }, undefined, false).label, "Paused");
		assert.equal(liveWords(settings, sample, true).label, "Ended");
	});

	it("writes times shortly", () => {
		assert.equal(periodWords(500), "500 ms");
		assert.equal(periodWords(10_000), "10 s");
		assert.match(clockTime(0), /^\d\d:\d\d:\d\d$/);
	});
});

describe("other words of the view", () => {
	it("tell what a program of several processes says of itself", () => {
		assert.equal(processType(["/usr/lib/chromium/chromium", "--type=renderer", "--lang=en"]), "renderer");
		assert.equal(processType(["/usr/lib/chromium/chromium --type=gpu-process --x=1"]), "gpu-process");
		const utility = ["code", "--type=utility", "--utility-sub-type=network.mojom.NetworkService"];
		assert.equal(processType(utility), "NetworkService");
		assert.equal(processType(["node", "server.js", "--retype=x"]), undefined);
	});

	it("quote what nothing matches", () => {
		assert.equal(nothingMatches("r?x"), "Nothing matches “r?x”.");
		assert.equal(nothingMatches(""), "No mapping is of these kinds.");
	});
});
