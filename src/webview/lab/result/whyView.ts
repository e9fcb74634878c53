import type { DemoStep } from "../../../shared/labDemo";
import { element } from "../../ui/element";
import { icon } from "../../ui/icons";
import { proseNodes } from "../codeView";
import type { LabContext } from "../context";
import { section } from "../section";

/** Why it is so, and the manual pages that say so. */
export function whyView({ service, store }: LabContext, step: DemoStep): HTMLElement {
	const paragraphs = step.why
		.split(/\n\s*\n/)
		.map((text) => text.trim())
		.filter((text) => text !== "")
		.map((text) => element("p", {}, ...proseNodes(text.replace(/\s+/g, " "))));
	const links = step.man.map((page) => {
		const link = element(
			"button",
			{ class: "link", "data-tip": `Open the manual page ${page}` },
			page,
			icon("link-external"),
		);
		link.addEventListener("click", () => store.perform(service.openManual(page)));
		return link;
	});
	return section("Why", undefined, { class: "why" }, ...paragraphs, element("div", { class: "links" }, ...links));
}
