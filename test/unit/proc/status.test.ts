import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseCmdline } from "../../../src/extension/proc/cmdline";
import { parseHugetlbDevices, parseMemoryDevices } from "../../../src/extension/proc/mountinfo";
import { hasCapability, parseEffectiveUser, parseStatus, statusBytes } from "../../../src/extension/proc/status";
import { recorded, recordedPrograms } from "../../support/fixtures";
import { hostileBytes } from "../../support/kernelText";

describe("status", () => {
	for (const program of recordedPrograms) {
		it(`of ${program}: every line is a field`, () => {
			const text = recorded(program, "status");
			const lines = text.toString("latin1").split("\n").slice(0, -1);
			const status = parseStatus(text);
			assert.equal(status.size, lines.length);
			for (const line of lines) {
				const at = line.indexOf(":");
				assert.equal(status.get(line.slice(0, at)), line.slice(at + 1).trim());
			}
			const rss = /^VmRSS:\s*(\d+) kB$/m.exec(text.toString("latin1"))?.[1];
			assert.equal(statusBytes(status, "VmRSS"), Number(rss) * 1024);
			assert.equal(String(parseEffectiveUser(text)), /^Uid:\t\d+\t(\d+)/m.exec(text.toString("latin1"))?.[1]);
		});
	}

	const status = parseStatus(
		Buffer.from("Name:\ta:b\nUid:\t1000\t1001\t1002\t1003\nCapEff:\t00000000a80425fb\nNoUnit:\t12\n"),
	);

	it("a name may hold a colon, an escape and spaces", () => {
		assert.equal(status.get("Name"), "a:b");
		assert.equal(parseStatus(Buffer.from("Name:\tnew\\nUid:\t0\n")).get("Name"), "new\\nUid:\t0");
	});

	it("the effective user is the second", () => {
		const user = (text: string) => parseEffectiveUser(Buffer.from(text));
		assert.equal(user("Name:\tnew\\nUid:\t0\t0\nUid:\t1000\t1001\t1002\t1003\nGid:\t1\t2\t3\t4\n"), 1001);
		for (const without of [
			"",
			"Name:\ta\n",
			"Name:\ta\nUid:\t1000\t10",
			"Name:\ta\nUid:\n",
			"Name:\ta\nUid:\t1\tx\n",
		]) {
			assert.equal(user(without), undefined);
		}
	});

	it("capabilities are bits", () => {
		assert.equal(hasCapability(status, 0), true); // CAP_CHOWN
		assert.equal(hasCapability(status, 2), false); // CAP_DAC_READ_SEARCH
		assert.equal(hasCapability(status, 3), true); // CAP_FOWNER
		assert.equal(hasCapability(status, 31), true); // CAP_SETFCAP
		assert.equal(hasCapability(status, 40), false); // CAP_CHECKPOINT_RESTORE
		assert.equal(hasCapability(new Map(), 0), false);
		assert.equal(hasCapability(parseStatus(Buffer.from("CapEff:\t000001ffffffffff\n")), 40), true);
	});

	it("capabilities that are no number are none", () => {
		assert.equal(hasCapability(parseStatus(Buffer.from("CapEff:\tall\n")), 3), false);
	});

	it("amounts need their unit", () => {
		assert.equal(statusBytes(status, "NoUnit"), undefined);
		assert.equal(statusBytes(status, "VmRSS"), undefined);
	});

	it("never throws, and loses no field of any text", () => {
		fc.assert(
			fc.property(hostileBytes(...recordedPrograms.map((program) => recorded(program, "status"))), (text) => {
				const fields = parseStatus(text);
				// What was cut off is left out, and not taken for a shorter number.
				const lines = text.toString("latin1").split("\n").slice(0, -1);
				const names = lines.filter((line) => line.indexOf(":") > 0).map((line) => line.slice(0, line.indexOf(":")));
				assert.deepEqual([...fields.keys()].sort(), [...new Set(names)].sort());
				statusBytes(fields, "VmRSS");
				parseEffectiveUser(text);
				hasCapability(fields, 3);
			}),
			{ numRuns: 300 },
		);
	});
});

describe("cmdline", () => {
	it("of recorded processes", () => {
		assert.deepEqual(parseCmdline(recorded("shell", "cmdline")), ["sh", "-c", "echo ready; read line"]);
		assert.deepEqual(parseCmdline(recorded("java", "cmdline")).slice(0, 2), ["java", "-Xmx64m"]);
		assert.equal(parseCmdline(recorded("python", "cmdline")).length, 3);
		// Chromium's children write theirs over with spaces: one argument.
		const [only, ...more] = parseCmdline(recorded("chromium", "cmdline"));
		assert.match(only ?? "", /^\/usr\/lib\/chromium\/chromium --type=renderer /);
		assert.deepEqual(more, []);
	});

	it("keeps empty arguments, and newlines and spaces in them", () => {
		assert.deepEqual(parseCmdline(Buffer.from("a\0\0b c\nd\0\0")), ["a", "", "b c\nd", ""]);
	});

	it("does without the last NUL", () => {
		assert.deepEqual(parseCmdline(Buffer.from("a\0b")), ["a", "b"]);
	});

	it("of a kernel thread or zombie is empty", () => {
		assert.deepEqual(parseCmdline(Buffer.alloc(0)), []);
	});

	it("has an argument for each NUL, whatever the bytes", () => {
		fc.assert(
			fc.property(hostileBytes(...recordedPrograms.map((program) => recorded(program, "cmdline"))), (bytes) => {
				const ends = bytes.filter((byte) => byte === 0).length;
				assert.equal(parseCmdline(bytes).length, ends + (bytes.length > 0 && bytes.at(-1) !== 0 ? 1 : 0));
			}),
			{ numRuns: 300 },
		);
	});

	it("gives the arguments of any program", () => {
		const argument = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll("\0", ""));
		fc.assert(
			fc.property(fc.array(argument, { minLength: 1, maxLength: 8 }), (words) => {
				const expected = words.map((word) => Buffer.from(word).toString());
				assert.deepEqual(parseCmdline(Buffer.from(words.map((word) => `${word}\0`).join(""))), expected);
			}),
		);
	});
});

describe("mountinfo", () => {
	const device = (major: number, minor: number): number => ((major << 20) | minor) >>> 0;

	for (const program of recordedPrograms) {
		it(`of ${program}: devices that live in memory`, () => {
			const text = recorded(program, "mountinfo").toString("latin1");
			const expected = [...text.matchAll(/^\d+ \d+ (\d+):(\d+) .* - (\w+) /gm)]
				.filter(([, , , type]) => type === "tmpfs" || type === "devtmpfs")
				.map(([, major, minor]) => device(Number(major), Number(minor)));
			assert.ok(expected.length > 0);
			assert.deepEqual(parseMemoryDevices(text), new Set(expected));
		});
	}

	it("numbers are decimal, unlike those in maps", () => {
		assert.deepEqual(parseMemoryDevices("1 0 0:26 / /tmp rw - tmpfs tmpfs rw\n"), new Set([device(0, 26)]));
	});

	it("of every kind of file system in memory, and of no other", () => {
		const types = ["tmpfs", "devtmpfs", "ramfs", "ext4", "proc", "overlay", "tmpfsx"];
		const text = types.map((type, minor) => `1 0 0:${minor} / /${type} rw - ${type} none rw\n`).join("");
		assert.deepEqual(parseMemoryDevices(text), new Set([0, 1, 2]));
	});

	it("optional fields may come before the dash, and sources may be odd", () => {
		const text = "1 0 0:5 / /a\\040b rw shared:1 master:2 - tmpfs - rw\n2 0 8:1 / /b rw - ext4 tmpfs rw\n";
		assert.deepEqual(parseMemoryDevices(text), new Set([device(0, 5)]));
	});

	it("never throws, whatever the text", () => {
		fc.assert(
			fc.property(hostileBytes(recorded("shell", "mountinfo"), recorded("chromium", "mountinfo")), (bytes) => {
				const text = bytes.toString("latin1");
				const devices = parseMemoryDevices(text);
				for (const one of devices) assert.ok(Number.isInteger(one) && one >= 0);
				parseHugetlbDevices(text);
				// A last line without its end says nothing.
				assert.deepEqual(devices, parseMemoryDevices(text.slice(0, text.lastIndexOf("\n") + 1)));
			}),
			{ numRuns: 300 },
		);
	});
});
