/** A title for a step that the reader made: the call that it makes, or what it does to memory. */
export function callTitle(code: string): string {
	const call = /([A-Za-z_]\w*)\s*\(/.exec(code.replace(/"(?:[^"\\]|\\.)*"/g, '""'))?.[1];
	if (call !== undefined && call !== "for" && call !== "int") return `Call ${call}`;
	if (call === "for") return "Run a loop";
	if (call === "int") return "Call the code in memory";
	if (/\]\s*=[^=]/.test(code)) return "Write to memory";
	if (/=\s*[^;]*\[/.test(code)) return "Read memory";
	return "Run a statement";
}
