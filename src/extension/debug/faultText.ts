import type { Fault } from "../sampler/debuggeeProtocol";
import { parseAddress } from "./messages";

/** What an adapter's words say of a signal: the protocol has no field for it. */
export type ToldFault = Pick<Fault, "signal" | "address" | "code">;

/**
 * A fault out of what an adapter says of a stop: `signal SIGSEGV: invalid permissions for mapped object (fault
 * address=0x7f…)` (lldb-dap), `Segmentation fault` (gdb, cppdbg). Undefined when it is about something else.
 *
 * @param texts the description and the text of `stopped`, those of `exceptionInfo`.
 */
export function parseFault(texts: readonly (string | undefined)[]): ToldFault | undefined {
	const text = texts.filter((each) => each !== undefined).join("\n");
	const signal = /\bSIGSEGV\b|\bsegmentation fault\b/i.test(text)
		? "SIGSEGV"
		: /\bSIGBUS\b|\bbus error\b/i.test(text)
			? "SIGBUS"
			: undefined;
	if (signal === undefined) return undefined;
	const address = parseAddress(/\baddr(?:ess)?\s*[=:]?\s*(0x[0-9a-f]+)/i.exec(text)?.[1]);
	const code = codeOf(text);
	return { signal, ...(address === undefined ? {} : { address }), ...(code === undefined ? {} : { code }) };
}

function codeOf(text: string): Fault["code"] | undefined {
	if (/\bSEGV_ACCERR\b|invalid permissions/i.test(text)) return "accessError";
	if (/\bSEGV_MAPERR\b|not mapped/i.test(text)) return "mapError";
	if (/\bSI_KERNEL\b|general protection/i.test(text)) return "protectionFault";
	return undefined;
}

/**
 * What the text of a `siginfo_t` tells, as a debugger prints it: `si_addr = 0x7f…`, also with a cast before the address,
 * and `si_code = 1`.
 */
export function parseSignalInfo(text: string, signal: Fault["signal"]): Pick<Fault, "address" | "code"> {
	const address = parseAddress(/\bsi_addr = (?:\([^()]*\) )?(0x[0-9a-f]+)/i.exec(text)?.[1]);
	const code = codeOfNumber(Number(/\bsi_code = (\d+)/.exec(text)?.[1]));
	// Its numbers mean other things with other signals.
	return {
		...(address === undefined ? {} : { address }),
		...(code === undefined || signal !== "SIGSEGV" ? {} : { code }),
	};
}

/** The signal of a printed `siginfo_t`, by its number (7 and 11 are SIGBUS and SIGSEGV on x86 and arm64 alike). */
export function parseSignalNumber(text: string): Fault["signal"] | undefined {
	const number = Number(/\bsi_signo = (\d+)/.exec(text)?.[1]);
	return number === 11 ? "SIGSEGV" : number === 7 ? "SIGBUS" : undefined;
}

/** SEGV_MAPERR and SEGV_ACCERR of siginfo.h; SI_KERNEL is what the kernel gives where it has no address. */
function codeOfNumber(code: number): Fault["code"] | undefined {
	return code === 1 ? "mapError" : code === 2 ? "accessError" : code === 128 ? "protectionFault" : undefined;
}
