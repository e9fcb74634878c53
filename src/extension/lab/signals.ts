/** Signals that a demo may die of, by number: the same on every architecture that Node runs on. */
const names: Readonly<Record<number, string>> = {
	4: "SIGILL",
	6: "SIGABRT",
	7: "SIGBUS",
	8: "SIGFPE",
	9: "SIGKILL",
	11: "SIGSEGV",
	15: "SIGTERM",
};

/** Signals that an instruction raises, and that are caught on their way to say why. */
export const faultSignals: readonly number[] = [4, 7, 11];

/** `si_code` of asm-generic/siginfo.h, by signal and value. */
const codes: Readonly<Record<string, Readonly<Record<number, string>>>> = {
	SIGSEGV: { 1: "SEGV_MAPERR", 2: "SEGV_ACCERR", 3: "SEGV_BNDERR", 4: "SEGV_PKUERR" },
	SIGBUS: { 1: "BUS_ADRALN", 2: "BUS_ADRERR", 3: "BUS_OBJERR", 4: "BUS_MCEERR_AR", 5: "BUS_MCEERR_AO" },
	SIGILL: { 1: "ILL_ILLOPC", 2: "ILL_ILLOPN", 5: "ILL_PRVOPC" },
};

/** Name of a signal, e.g. `SIGSEGV`; `SIG42` for those without one here. */
export function signalName(number: number): string {
	return names[number] ?? `SIG${number}`;
}

/** What `siginfo_t` says of a fault: the name of its code, and the address in hexadecimal. */
export interface SignalDetail {
	readonly code: string;
	readonly address: string;
}

/** Reads a `siginfo_t` of a fault (sigaction(2)); undefined for one that is cut or of another signal. */
export function readSiginfo(bytes: Buffer): SignalDetail | undefined {
	if (bytes.length < 24) return undefined;
	const signal = bytes.readInt32LE(0);
	if (!faultSignals.includes(signal)) return undefined;
	const code = bytes.readInt32LE(8);
	const name = codes[signalName(signal)]?.[code] ?? (code === 128 ? "SI_KERNEL" : String(code));
	return { code: name, address: bytes.readBigUInt64LE(16).toString(16) };
}
