import { strict as assert } from "node:assert";
import { procError } from "../../../src/extension/proc/procFile";
import { MapscopeError, toErrorData } from "../../../src/shared/errors";

describe("errors", () => {
	it("go over a wire and come back", () => {
		const error = new MapscopeError({ code: "permissionDenied", path: "/proc/1/maps", errno: "EACCES" });
		const data = structuredClone(toErrorData(error));
		assert.deepEqual(data, { code: "permissionDenied", path: "/proc/1/maps", errno: "EACCES" });
		const back = new MapscopeError(data);
		assert.equal(back.message, error.message);
		assert.ok(back instanceof Error);
	});

	it("carry every field they were given and no other", () => {
		const data = { code: "unsupported", path: "p", errno: "E", feature: "f", detail: "d" } as const;
		assert.deepEqual(toErrorData(new MapscopeError(data)), data);
		assert.deepEqual(Object.keys(toErrorData(new MapscopeError({ code: "io" }))), ["code"]);
	});

	it("that are not ours are bugs, whatever was thrown", () => {
		for (const thrown of [new TypeError("x"), "text", 7, null, undefined, { code: "EACCES" }, Symbol("s")]) {
			assert.equal(toErrorData(thrown).code, "bug");
		}
		assert.match(toErrorData(new TypeError("told")).detail ?? "", /told/);
	});

	describe("of kernel files", () => {
		const thrown = (code: string): unknown => Object.assign(new Error(code), { code });
		for (const [errno, path, code] of [
			["EACCES", "/proc/1/maps", "permissionDenied"],
			["EPERM", "/proc/1/pagemap", "permissionDenied"],
			["ENOENT", "/proc/1/maps", "processGone"],
			["ESRCH", "/proc/1/smaps_rollup", "processGone"],
			["ENOENT", "/etc/passwd", "io"],
			["ENOENT", "/proc/sys/vm/max_map_count", "io"],
			["EIO", "/proc/1/mem", "io"],
		] as const) {
			it(`${errno} of ${path} is ${code}`, () => {
				const { code: got, errno: gotErrno, path: gotPath } = procError(thrown(errno), path);
				assert.deepEqual([got, gotErrno, gotPath], [code, errno, path]);
			});
		}

		it("that Node complains about and not the kernel are bugs", () => {
			assert.equal(procError(thrown("ERR_OUT_OF_RANGE"), "/proc/1/mem").code, "bug");
			assert.equal(procError(new TypeError("x"), "/proc/1/mem").code, "bug");
			assert.equal(procError(undefined, "/proc/1/mem").code, "bug");
		});
	});
});
