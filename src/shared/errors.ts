/**
 * The closed set of things that can go wrong. Every error that crosses a thread or the wire is one of these;
 * it is worded for people in `views/` and in the webview only.
 */
export type ErrorCode = "permissionDenied" | "processGone" | "unsupported" | "io" | "bug";

/** An error as plain data, fit for `postMessage`. */
export interface ErrorData {
	readonly code: ErrorCode;
	/** The kernel file concerned, e.g. `/proc/42/maps`. */
	readonly path?: string;
	/** The errno's name, e.g. `EACCES`. */
	readonly errno?: string;
	/** For `unsupported`: the kernel feature that is missing, e.g. `PAGEMAP_SCAN`. */
	readonly feature?: string;
	/** For logs; never shown as it is. */
	readonly detail?: string;
}

/** The error class of the exported API and of every layer below it. */
export class MapscopeError extends Error implements ErrorData {
	override readonly name = "MapscopeError";
	readonly code: ErrorCode;
	readonly path?: string;
	readonly errno?: string;
	readonly feature?: string;
	readonly detail?: string;

	constructor(data: ErrorData) {
		super([data.code, data.errno, data.feature, data.path, data.detail].filter(Boolean).join(" "));
		this.code = data.code;
		if (data.path !== undefined) this.path = data.path;
		if (data.errno !== undefined) this.errno = data.errno;
		if (data.feature !== undefined) this.feature = data.feature;
		if (data.detail !== undefined) this.detail = data.detail;
	}
}

const codes: ReadonlySet<string> = new Set<ErrorCode>(["permissionDenied", "processGone", "unsupported", "io", "bug"]);

/** Narrows anything thrown to plain error data; what is not ours is a `bug` with its message as detail. */
export function toErrorData(thrown: unknown): ErrorData {
	if (thrown instanceof MapscopeError) {
		const { code, path, errno, feature, detail } = thrown;
		return {
			code,
			...(path === undefined ? {} : { path }),
			...(errno === undefined ? {} : { errno }),
			...(feature === undefined ? {} : { feature }),
			...(detail === undefined ? {} : { detail }),
		};
	}
	if (typeof thrown === "object" && thrown !== null && "code" in thrown && codes.has(String(thrown.code))) {
		return thrown as ErrorData;
	}
	return { code: "bug", detail: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
}
