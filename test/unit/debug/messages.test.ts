import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { parseFault, parseSignalInfo } from "../../../src/extension/debug/faultText";
import {
	parseAddress,
	pidOf,
	readCapabilities,
	readEvent,
	readRequest,
	readResponse,
	readTopFrame,
} from "../../../src/extension/debug/messages";
import { ownAddress, pointerValue } from "../../../src/extension/debug/pointers";
import { SessionTracker } from "../../../src/extension/debug/sessionTracker";

describe("messages of debug adapters", () => {
	it("are read field by field", () => {
		const body = { systemProcessId: 42, name: "/bin/a", isLocalProcess: true, startMethod: "launch" };
		deepEqual(readEvent({ type: "event", event: "process", body }), {
			event: "process",
			pid: 42,
			name: "/bin/a",
			local: true,
		});
		deepEqual(readEvent({ type: "event", event: "stopped", body: { reason: "step", threadId: 7, text: 3 } }), {
			event: "stopped",
			stop: { reason: "step", threadId: 7 },
		});
		deepEqual(readCapabilities({ supportsReadMemoryRequest: true }), { readMemory: true, exceptionInfo: false });
		deepEqual(
			readTopFrame({
				stackFrames: [
					{ id: 1, name: "f", line: 3, source: { path: "/a.c" }, instructionPointerReference: "0x55555555522E" },
				],
			}),
			{ id: 1, name: "f", line: 3, path: "/a.c", instructionPointer: 0x55555555522en },
		);
	});

	it("may be anything, and never throw", () => {
		const listener = {
			onProcess: () => undefined,
			onStopped: () => undefined,
			onRunning: () => undefined,
			onMemoryChanged: () => undefined,
			onAlive: () => undefined,
			onEnded: () => undefined,
		};
		const word = fc.constantFrom(
			"event",
			"request",
			"response",
			"stopped",
			"process",
			"evaluate",
			"stackTrace",
			"initialize",
		);
		const message = fc.oneof(
			fc.anything(),
			fc.record(
				{
					type: word,
					event: word,
					command: word,
					seq: fc.anything(),
					request_seq: fc.anything(),
					success: fc.anything(),
					body: fc.oneof(fc.anything(), fc.record({ stackFrames: fc.anything(), systemProcessId: fc.anything() })),
					arguments: fc.anything(),
				},
				{ requiredKeys: ["type"] },
			),
		);
		fc.assert(
			fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
				const tracker = new SessionTracker(false, listener);
				for (const each of messages) {
					tracker.onWillReceiveMessage(each);
					tracker.onDidSendMessage(each);
					readRequest(each);
					readResponse(each);
				}
			}),
			{ numRuns: 300 },
		);
	});

	it("name processes by number or by text", () => {
		deepEqual([42, "42", 0, -1, 1.5, "x", "", undefined, 2 ** 31].map(pidOf), [
			42,
			42,
			...new Array(7).fill(undefined),
		]);
	});

	it("have addresses of at most 64 bits", () => {
		deepEqual(["0x0", "0xFFFFFFFFFFFFFFFF", "0x1 text", " 0x2"].map(parseAddress), [0n, 2n ** 64n - 1n, 1n, 2n]);
		deepEqual(
			["", "12", "0x", "0x10000000000000000", "0x1g", "x0x1", undefined].map(parseAddress),
			new Array(7).fill(undefined),
		);
	});
});

describe("pointers", () => {
	it("are followed by their value, never by where they lie", () => {
		const lldb = { value: '0x00005555555592a0 "heap string"', memoryReference: "0x7FFFFFFFE358" };
		equal(pointerValue(lldb, "lldb-dap"), 0x5555555592a0n);
		equal(ownAddress(lldb, "lldb-dap"), 0x7fffffffe358n);
		equal(pointerValue({ value: '(char *) 0x5555555592a0 "x"' }, "lldb-dap"), 0x5555555592a0n);
		equal(pointerValue({ result: "0x00007fffffffe320" }, "lldb-dap"), 0x7fffffffe320n);
		equal(pointerValue({ value: "0x0000555555555144 so`rec + 11 at so.c:3:15" }, "lldb-dap"), 0x555555555144n);
		equal(pointerValue({ value: "int[4]", memoryReference: "0x7FFFFFFFE340" }, "lldb-dap"), undefined);
		equal(pointerValue({ value: "1234" }, "lldb-dap"), undefined);
		equal(pointerValue({}, "lldb-dap"), undefined);
	});

	it("are what gdb's references to memory mean", () => {
		const text = { value: "'a' <repeats 200 times>...", type: "char *", memoryReference: "0x7ffff7fb8000" };
		equal(pointerValue(text, "gdb"), 0x7ffff7fb8000n);
		equal(pointerValue(text, "lldb-dap"), undefined);
		equal(ownAddress(text, "gdb"), undefined);
	});

	it("are no handles of js-debug", () => {
		equal(ownAddress({ memoryReference: "0x2" }, "pwa-node"), undefined);
		equal(ownAddress({ memoryReference: "2" }, "lldb-dap"), undefined);
	});
});

describe("faults in the words of adapters", () => {
	const cases: readonly (readonly [string, ReturnType<typeof parseFault>])[] = [
		[
			"signal SIGSEGV: invalid permissions for mapped object (fault address=0x7ffff7d91f4c)",
			{ signal: "SIGSEGV", address: 0x7ffff7d91f4cn, code: "accessError" },
		],
		[
			"signal SIGSEGV: address not mapped to object (fault address: 0x18)",
			{ signal: "SIGSEGV", address: 0x18n, code: "mapError" },
		],
		["signal SIGSEGV: sent by kernel (SI_KERNEL)", { signal: "SIGSEGV", code: "protectionFault" }],
		["signal SIGBUS: illegal address", { signal: "SIGBUS" }],
		["Segmentation fault", { signal: "SIGSEGV" }],
		["Bus error", { signal: "SIGBUS" }],
		["signal SIGABRT", undefined],
		["breakpoint 1.1", undefined],
	];
	for (const [text, fault] of cases) it(text, () => deepEqual(parseFault([text, undefined]), fault));

	it("and what siginfo adds", () => {
		const lldb =
			"(__lldb_siginfo_t) __lldb_siginfo = {\n  si_signo = 7\n  si_code = 2\n  si_addr = 0x00007ffff7fbe007\n}";
		deepEqual(parseSignalInfo(lldb, "SIGBUS"), { address: 0x7ffff7fbe007n });
		deepEqual(
			parseSignalInfo("$_siginfo._sifields._sigfault.si_addr = (void *) 0x18\n$_siginfo.si_code = 1", "SIGSEGV"),
			{
				address: 0x18n,
				code: "mapError",
			},
		);
		deepEqual(parseSignalInfo("error", "SIGSEGV"), {});
	});
});
