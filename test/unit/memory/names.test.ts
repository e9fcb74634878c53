import { strict as assert } from "node:assert";
import fc from "fast-check";
import { baseName, decodeBytes, hasPath, parseMappingName, readingsOfName } from "../../../src/extension/memory/names";

const latin1 = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
/** Names made of the pieces that matter. */
const tricky = fc
	.array(
		fc.constantFrom("\\012", " (deleted)", "/", "a", "\\", "012", " ", "\xff", "\xc3\xa9", "[anon:", "]", "/memfd:"),
		{
			maxLength: 8,
		},
	)
	.map((parts) => parts.join(""));

describe("names of mappings", () => {
	for (const [printed, name, deleted] of [
		["", "", false],
		["/usr/lib/libc.so.6", "/usr/lib/libc.so.6", false],
		["/tmp/gone (deleted)", "/tmp/gone", true],
		["/tmp/gone (deleted) (deleted)", "/tmp/gone (deleted)", true],
		["/memfd:my memfd (deleted)", "/memfd:my memfd", false],
		["/memfd: (deleted)", "/memfd:", false],
		["/dev/zero (deleted)", "/dev/zero", false],
		["/SYSV00001234 (deleted)", "/SYSV00001234", false],
		["/anon_hugepage (deleted)", "/anon_hugepage", false],
		["/secretmem (deleted)", "/secretmem", false],
		["/i915 (deleted)", "/i915", false],
		["/drm mm object (deleted)", "/drm mm object", false],
		["/[aio] (deleted)", "/[aio]", false],
		["/dev/shm/segment (deleted)", "/dev/shm/segment", true],
		["/home/user/#2359321 (deleted)", "/home/user/#2359321", true],
		["/new\\012line", "/new\nline", false],
		["/caf\xc3\xa9", "/café", false],
		["/latin\xff", "/latin\\xff", false],
		["/\xe2\x80\xaegnp.exe", "/\u202egnp.exe", false],
		["[anon:my name]", "[anon:my name]", false],
		["anon_inode:[io_uring]", "anon_inode:[io_uring]", false],
		["/two  spaces ", "/two  spaces ", false],
	] as const) {
		it(JSON.stringify(printed), () => {
			const parsed = parseMappingName(printed);
			assert.equal(parsed.name, name);
			assert.equal(parsed.deleted, deleted);
		});
	}

	it("have several readings only where maps is ambiguous", () => {
		assert.equal(readingsOfName("/plain").length, 1);
		assert.equal(readingsOfName("/memfd:a (deleted)").length, 1);
		assert.deepEqual(
			readingsOfName("/a (deleted)").map(({ name, deleted }) => [name, deleted]),
			[
				["/a", true],
				["/a (deleted)", false],
			],
		);
		assert.deepEqual(
			readingsOfName("/a\\012b (deleted)").map(({ path, deleted }) => [path, deleted]),
			[
				["/a\nb", true],
				["/a\\012b", true],
				["/a\nb (deleted)", false],
				["/a\\012b (deleted)", false],
			],
		);
	});

	it("any name has readings, and its bytes are one of them", () => {
		fc.assert(
			fc.property(fc.oneof(latin1, tricky), (printed) => {
				const readings = readingsOfName(printed);
				assert.ok(readings.length > 0);
				const bytes = readings.map(({ path, deleted }) => (deleted ? `${path} (deleted)` : path));
				assert.ok(bytes.includes(printed) || printed.endsWith(" (deleted)"), printed);
				for (const { name, path } of readings) assert.equal(name, decodeBytes(path));
				assert.deepEqual(parseMappingName(printed), readings[0]);
			}),
			{ numRuns: 500 },
		);
	});

	it("are decoded without loss where they are UTF-8, and byte by byte where not", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 30 }), (text) => {
				const wellFormed = Buffer.from(text).toString();
				assert.equal(decodeBytes(Buffer.from(wellFormed).toString("latin1")), wellFormed);
			}),
		);
		assert.equal(decodeBytes("a\xffb\x80"), "a\\xffb\\x80");
		assert.equal(decodeBytes("\xef\xbb\xbfmark"), "\ufeffmark");
	});

	it("may be paths, or not", () => {
		assert.ok(hasPath("/usr/bin/env"));
		assert.ok(hasPath("/dev/shm/segment"));
		for (const name of ["", "[heap]", "/memfd:a", "/dev/zero", "/SYSV00000000", "anon_inode:[x]", "socket:[1]"]) {
			assert.ok(!hasPath(name), name);
		}
		assert.ok(hasPath("/dev/zeros"));
		assert.ok(hasPath("/i915.firmware"));
	});

	it("have a last component", () => {
		assert.equal(baseName("/usr/lib/libc.so.6"), "libc.so.6");
		assert.equal(baseName("/"), "/");
		assert.equal(baseName("/a/"), "/a/");
		assert.equal(baseName("[heap]"), "[heap]");
	});
});
