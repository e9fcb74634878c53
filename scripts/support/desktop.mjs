// Finds a desktop VS Code, which is preferred to the server wherever there is one.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram, isExecutable } from "../../test/workbench/harness/findProgram.mjs";

/**
 * The `code` command of a desktop VS Code, or why there is none.
 * @returns {{ command: string } | { reason: string }}
 */
export function findDesktop() {
	const { DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = process.env;
	const command = findProgram("code");
	if (command === undefined) return { reason: "`code` is not on the PATH" };
	// In a remote terminal, `code` speaks to the window at the other end, which cannot load an extension from here.
	if (command.includes("remote-cli")) return { reason: "`code` on the PATH is that of a remote terminal" };
	const screen = process.platform !== "linux" || DISPLAY || WAYLAND_DISPLAY || WSL_DISTRO_NAME;
	return screen ? { command } : { reason: "`code` is on the PATH, but there is no screen" };
}

/**
 * The program behind a desktop VS Code's `code` command, which is a script that does not wait for it; undefined when
 * there is none. `VSCODE_EXECUTABLE` overrides the search.
 */
export function findDesktopProgram() {
	const { VSCODE_EXECUTABLE } = process.env;
	if (VSCODE_EXECUTABLE) return VSCODE_EXECUTABLE;
	const desktop = findDesktop();
	if (!("command" in desktop)) return undefined;
	const program = join(dirname(dirname(realpathSync(desktop.command))), "code");
	return isExecutable(program) ? program : undefined;
}
