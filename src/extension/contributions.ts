/**
 * Every id that package.json and the code must agree on. A test holds the two against each other in both directions,
 * so that a command without handler, or a menu that waits for a context key nobody sets, cannot be shipped.
 */

/** Commands, as `contributes.commands` declares them. */
export const commands = {
	showMemoryMap: "mapscope.showMemoryMap",
	showMemoryMapOfTerminal: "mapscope.showMemoryMapOfTerminal",
	goToAddress: "mapscope.goToAddress",
	find: "mapscope.find",
	refresh: "mapscope.refresh",
	toggleLive: "mapscope.toggleLive",
	showAsTable: "mapscope.showAsTable",
	openMaps: "mapscope.openMaps",
	openSmaps: "mapscope.openSmaps",
	showLog: "mapscope.showLog",
	filterProcesses: "mapscope.processes.filter",
	clearProcessFilter: "mapscope.processes.clearFilter",
	foldProcesses: "mapscope.processes.fold",
	unfoldProcesses: "mapscope.processes.unfold",
	showKernelThreads: "mapscope.processes.showKernelThreads",
	hideKernelThreads: "mapscope.processes.hideKernelThreads",
	refreshProcesses: "mapscope.processes.refresh",
	showMore: "mapscope.processes.showMore",
	revealInMemoryMap: "mapscope.processes.revealInMemoryMap",
	openProcessMaps: "mapscope.processes.openMaps",
	openProcessSmaps: "mapscope.processes.openSmaps",
	copyAddress: "mapscope.processes.copyAddress",
	copyRange: "mapscope.processes.copyRange",
	copyLine: "mapscope.processes.copyLine",
	copyPid: "mapscope.processes.copyPid",
	copyCommandLine: "mapscope.processes.copyCommandLine",
	showDebuggee: "mapscope.debug.showDebuggee",
	whatIsAddress: "mapscope.debug.whatIsAddress",
	compareStops: "mapscope.debug.compareStops",
	toggleReadingAtStops: "mapscope.debug.toggleReading",
	chooseDebuggee: "mapscope.debug.choose",
	showValueInMemoryMap: "mapscope.debug.showInMemoryMap",
	explainValue: "mapscope.debug.explain",
	revealDebuggeeRow: "mapscope.debug.revealRow",
	openDebuggeeMaps: "mapscope.debug.openMaps",
	openDebuggeeSmaps: "mapscope.debug.openSmaps",
	copyDebuggeeAddress: "mapscope.debug.copyAddress",
	copyDebuggeeRange: "mapscope.debug.copyRange",
	copyDebuggeeLine: "mapscope.debug.copyLine",
	openLab: "mapscope.lab.open",
	openPlayground: "mapscope.lab.openPlayground",
	showLab: "mapscope.lab.show",
	stepLab: "mapscope.lab.step",
	runLab: "mapscope.lab.runAll",
	stopLab: "mapscope.lab.stop",
	resetLab: "mapscope.lab.reset",
	copyLab: "mapscope.lab.copyAsC",
	exportLab: "mapscope.lab.exportAsC",
	clearLabMarks: "mapscope.lab.clearMarks",
} as const;

/** The activity-bar container. */
export const viewContainer = "mapscope";

/** Views, as `contributes.views` declares them. */
export const views = {
	processes: "mapscope.processes",
	lab: "mapscope.lab",
	debuggees: "mapscope.debuggees",
} as const;

/** Webview panel types; each is restored after a window reload through `onWebviewPanel:…`. */
export const panels = { memoryMap: "mapscope.memoryMap", lab: "mapscope.lab" } as const;

/** Settings, as `contributes.configuration` declares them; all numbers are durations in milliseconds. */
export const settings = {
	liveInterval: "mapscope.liveInterval",
	processesRefreshInterval: "mapscope.processes.refreshInterval",
	debugReadAtStops: "mapscope.debug.readAtStops",
	debugFingerprintBudget: "mapscope.debug.fingerprintBudget",
	debugInlineHints: "mapscope.debug.inlineHints",
} as const;

/** Context keys that `when` clauses of package.json read. */
export const contextKeys = {
	/** The extension runs where live processes can be read. */
	linux: "mapscope.linux",
	/** It runs elsewhere. A key of its own, so that nothing is said before it is known. */
	notLinux: "mapscope.notLinux",
	/** The Processes view has a filter. */
	processesFiltered: "mapscope.processes.filtered",
	/** The Processes view shows children under their parents. */
	processesFolded: "mapscope.processes.folded",
	/** The Processes view shows kernel threads. */
	kernelThreadsShown: "mapscope.processes.kernelThreads",
	/** Something is debugged. */
	debugging: "mapscope.debugging",
	/** Something runs in a lab. */
	labRunning: "mapscope.lab.running",
} as const;

/** Context key that is set when all steps of a demo have run: it completes a step of the walkthrough. */
export function demoDoneKey(demo: string): `mapscope.lab.done.${string}` {
	return `mapscope.lab.done.${demo}`;
}

/**
 * `viewItem` values of the trees. `processUnreadable` is a process without readable mappings; its raw files
 * are still offered, because opening one says why.
 */
export const viewItems = {
	process: "mapscope.process",
	processUnreadable: "mapscope.processUnreadable",
	group: "mapscope.group",
	mapping: "mapscope.mapping",
	more: "mapscope.more",
	notice: "mapscope.notice",
	debuggee: "mapscope.debuggee",
	debuggeeUnknown: "mapscope.debuggeeUnknown",
	debuggeeGroup: "mapscope.debuggeeGroup",
	debuggeeMapping: "mapscope.debuggeeMapping",
	debuggeeGone: "mapscope.debuggeeGone",
	debuggeeNotice: "mapscope.debuggeeNotice",
} as const;

/** Language of `maps` and `smaps` text. */
export const procLanguage = "proc-maps";

/** Scheme of the read-only documents: `mapscope-proc:/proc/42/smaps?<start time>`. */
export const procScheme = "mapscope-proc";
