const patterns = [
	/@vscode\/(spdlog|deviceid|native-watchdog|ripgrep-universal|fs-copyfile|vsda)/, // optional native parts, which we do not compile
	/vsda(_bg)?\.(js|wasm)/,
	/authentication provider 'github'/, // an extension that is not installed
	/open-vsx\.org/, // the gallery, out of reach in a test
	// Files of code-server's own wrapper, which does not run here.
	/ServiceWorker|Service Worker|when fetching the script|\/_static\/src\/browser\/media\/|\/update\/check/,
	/^(Resolving|Resolved) connection token/,
	/^Creating a socket/,
	/^\[(reconnection-grace-time|AgentHost|AccountPolicyGate)/,
	/^Updating additional builtin extensions/,
	// A browser does not wait for what a window would still like to do when it is reloaded.
	/Long running operations during shutdown|IndexedDB database '[^']+' is closed/,
	/^invalid thread \(/, // what lldb-dap answers to VS Code's questions about a session that is about to end
	/^CallStackEditorContribution: invalid stack frame line number/, // a frame whose source is not there
	/Aborted onWillSaveTextDocument-event after/, // the extension host was slow to say that it has nothing to do with a save
	/^Canceled: /, // what the window was waiting for when the extension host ended
];

/**
 * Whether a console message of the workbench is one that every window of this server writes, whatever the extension
 * does. All others are worth reading.
 * @param {string} text
 */
export function isNoise(text) {
	return patterns.some((pattern) => pattern.test(text));
}
