import { type Fields, parseAddress, textOf } from "./messages";

/**
 * The address that a variable, a watch or a register holds: what its value text begins with (`0x00005555555592a0 "text"`,
 * `(char *) 0x5555…`), a byte address. Undefined for what holds none.
 *
 * Its `memoryReference` is where the variable itself lies, even for a pointer (lldb-dap), or no address at all (js-debug:
 * a handle of an object), so that is not taken for it. Only gdb means what a pointer holds, and its text of a `char *` is
 * the string alone.
 *
 * @param variable a variable of the protocol: `value` is its text, `type` the type's name.
 * @param adapterType the session's type, as `DebugSessionInfo` has it.
 */
export function pointerValue(variable: Fields, adapterType: string): bigint | undefined {
	const value = textOf(variable["value"]) ?? textOf(variable["result"]);
	// Casts stand before the address in gdb, and a name in front of some adapters' pretty-printed values.
	const text = value?.replace(/^\s*(?:\([^()]*\)\s*|@)/, "");
	return parseAddress(text) ?? (isGdb(adapterType) ? parseAddress(textOf(variable["memoryReference"])) : undefined);
}

/**
 * The address where a variable itself lies, a byte address, from its `memoryReference`; undefined where the adapter gives
 * none, or gives a reference that is none (js-debug) or that leads elsewhere (gdb).
 *
 * @param adapterType as for {@link pointerValue}.
 */
export function ownAddress(variable: Fields, adapterType: string): bigint | undefined {
	if (isScriptAdapter(adapterType) || isGdb(adapterType)) return undefined;
	return parseAddress(textOf(variable["memoryReference"]));
}

/**
 * gdb's own adapter, by the names that extensions give it. It has a `memoryReference` for pointers only, which is what they
 * hold (`gdb/python/lib/gdb/dap/varref.py`, gdb 16).
 */
function isGdb(type: string): boolean {
	return /(^|\W)gdb/.test(type);
}

/** js-debug, whose sessions debug scripts and not processes: `pwa-node`, `pwa-chrome`, `node-terminal`. */
export function isScriptAdapter(type: string): boolean {
	return type.startsWith("pwa-") || type === "node" || type === "node-terminal" || type === "extensionHost";
}

/** js-debug for pages of a browser: there is no one process. */
export function isBrowserAdapter(type: string): boolean {
	return /^(pwa-)?(chrome|msedge|firefox|editor-browser)$/.test(type);
}
