import { vmFlagMeaning } from "../../shared/vmFlags";

/** Order in which flags are worth mentioning; what the permissions say already is left out. */
const notable = [
	"sl",
	"lf",
	"lo",
	"gu",
	"ss",
	"gd",
	"ht",
	"hg",
	"nh",
	"mg",
	"dc",
	"wf",
	"dd",
	"dp",
	"nr",
	"sr",
	"rr",
	"io",
	"pf",
	"uw",
	"um",
	"ui",
];

/** The flags in a few words: access now, what mprotect could still allow, and the most telling of the others. */
export function summarizeVmFlags(codes: readonly string[]): string {
	const set = new Set(codes);
	const now = words(set, { rd: "read", wr: "write", ex: "execute" });
	const later = words(set, { mr: "read", mw: "write", me: "execute" }).filter((word) => !now.includes(word));
	const parts = [now.length === 0 ? "no access" : now.join(", ")];
	if (later.length > 0) parts.push(`may be changed to ${later.join(", ")}`);
	const others = notable.filter((code) => set.has(code) && !(code === "lo" && set.has("lf")));
	parts.push(...others.slice(0, 3).map(vmFlagMeaning));
	return parts.join("; ");
}

function words(set: ReadonlySet<string>, names: Readonly<Record<string, string>>): string[] {
	return Object.entries(names)
		.filter(([code]) => set.has(code))
		.map(([, word]) => word);
}
