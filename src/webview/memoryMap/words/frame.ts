import { frameFlagMeaning, type PageFrame } from "../../../shared/pageFrame";
import { formatCount } from "../../../shared/units";
import type { Fact } from "./page";

/** The physical memory behind a page: which frame, and how often it is mapped. Nothing where there is none. */
export function frameFacts({ frame, mapCount, reason }: PageFrame): Fact[] {
	if (frame === undefined) {
		return reason === "notPermitted" ? [{ name: "Frame", value: "not shown", note: "only root may see it" }] : [];
	}
	return [{ name: "Frame", value: `0x${frame.toString(16)}`, code: true, note: mapCountInWords(mapCount) }];
}

function mapCountInWords(count: number | undefined): string {
	switch (count) {
		case undefined:
			return "";
		case 0:
			return "not counted as mapped";
		case 1:
			return "mapped once";
		default:
			return `mapped ${formatCount(count)} times`;
	}
}

/** The flags of a frame, each with its meaning. */
export function frameFlagFacts({ flags }: PageFrame): Fact[] {
	return flags.map((flag) => ({ name: flag, value: frameFlagMeaning(flag) }));
}
