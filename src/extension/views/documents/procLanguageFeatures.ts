import {
	FoldingRange,
	type FoldingRangeProvider,
	Hover,
	type HoverProvider,
	languages,
	MarkdownString,
	Range,
} from "vscode";
import { type Disposable, DisposableStore } from "../../base/disposable";
import { procLanguage } from "../../contributions";
import { plainMarkdown } from "../hostileText";
import { explain } from "./procExplain";
import { mappingFolds } from "./procLines";

const hovers: HoverProvider = {
	provideHover(document, position) {
		const explanation = explain(document.lineAt(position.line).text, position.character);
		if (!explanation) return undefined;
		const { column, length, sentence } = explanation;
		const text = new MarkdownString(plainMarkdown(sentence));
		return new Hover(text, new Range(position.line, column, position.line, column + length));
	},
};

const folds: FoldingRangeProvider = {
	provideFoldingRanges(document) {
		const lines = document.getText().split("\n");
		return mappingFolds(lines).map(({ first, last }) => new FoldingRange(first, last));
	},
};

/** Hovers and folding for `maps` and `smaps` text, wherever it comes from. */
export function registerProcLanguage(): Disposable {
	const store = new DisposableStore();
	store.add(languages.registerHoverProvider(procLanguage, hovers));
	store.add(languages.registerFoldingRangeProvider(procLanguage, folds));
	return store;
}
