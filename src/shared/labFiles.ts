import type { FileSide } from "./labResult";

/** Whether a file is the same at two times, as far as it was read: size and first bytes, or the same error. */
export function sameSide(before: FileSide, after: FileSide): boolean {
	if ("error" in before || "error" in after) {
		return "error" in before && "error" in after && before.error.errno === after.error.errno;
	}
	return (
		before.size === after.size &&
		before.head.length === after.head.length &&
		before.head.every((byte, at) => byte === after.head[at])
	);
}
