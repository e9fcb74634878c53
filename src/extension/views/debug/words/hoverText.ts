import type { AddressExplanation } from "../../../../shared/debug/addresses";
import { codeSpan, plainMarkdown } from "../../hostileText";
import { addressFacts } from "./addressWords";

/** What a hover says of an address, as Markdown: every name in it is escaped. */
export function hoverText(explanation: AddressExplanation, pageSize: number): string {
	const [headline, ...others] = addressFacts(explanation, pageSize);
	const lines = others.map(({ text, detail }) => plainMarkdown(detail === "" ? text : `${text}: ${detail}`));
	const first = headline ? `**${plainMarkdown(headline.text)}**` : "";
	const detail = headline && headline.detail !== "" ? ` ${plainMarkdown(headline.detail)}` : "";
	return [`${codeSpan(`0x${explanation.address}`)} ${first}${detail}`, lines.join("  \n")].join("\n\n");
}
