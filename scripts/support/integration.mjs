// Runs the integration tests inside a real extension host: that of a desktop VS Code where there is one with a screen
// (or VSCODE_EXECUTABLE names one), else that of the VS Code server.
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { checkout } from "./commands.mjs";
import { findDesktopProgram } from "./desktop.mjs";

const { MAPSCOPE_SERVER_USER } = process.env;
const shim = join(checkout, "test/workbench/harness/codeShim.mjs");
const vscodeExecutablePath = (MAPSCOPE_SERVER_USER ? undefined : findDesktopProgram()) ?? shim;
console.log(`In the extension host of ${vscodeExecutablePath === shim ? "the VS Code server" : vscodeExecutablePath}`);
try {
	await runTests({
		vscodeExecutablePath,
		// The second one contributes the debuggers that the tests use.
		extensionDevelopmentPath: [checkout, join(checkout, "test/debuggers")],
		extensionTestsPath: join(checkout, "out/test/integration/index.js"),
		launchArgs: [checkout],
	});
} catch {
	process.exit(1); // the tests have said why
}
