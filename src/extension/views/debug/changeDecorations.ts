import { FileDecoration, ThemeColor, Uri, window } from "vscode";
import type { Disposable } from "../../base/disposable";
import { type ChangeLetter, changeLetters, letterWords } from "./words/changeWords";

const scheme = "mapscope-change";

/** Colours as Git has them for files; what was only written to keeps its name's own. */
const colours: Readonly<Record<ChangeLetter, string | undefined>> = {
	N: "gitDecoration.addedResourceForeground",
	G: "gitDecoration.modifiedResourceForeground",
	R: "gitDecoration.submoduleResourceForeground",
	W: undefined,
	D: "gitDecoration.deletedResourceForeground",
};

/** The URI that gives a row its letter: decorations are known by URI, so rows with the same letter share one. */
export function changeUri(letter: ChangeLetter): Uri {
	return Uri.from({ scheme, path: `/${letter}` });
}

/** Puts the letters beside the rows of the Debuggee Mappings view, as Git does beside files. */
export function registerChangeDecorations(): Disposable {
	return window.registerFileDecorationProvider({
		provideFileDecoration(uri) {
			const letter = changeLetters.find((each) => uri.scheme === scheme && uri.path === `/${each}`);
			if (letter === undefined) return undefined;
			const colour = colours[letter];
			return new FileDecoration(letter, letterWords[letter], colour === undefined ? undefined : new ThemeColor(colour));
		},
	});
}
