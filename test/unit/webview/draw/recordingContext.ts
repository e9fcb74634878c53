import { mappingKinds } from "../../../../src/shared/mappingKinds";
import { ink, inkCount, type Palette } from "../../../../src/webview/memoryMap/draw/palette";

/** A rectangle as it was painted. */
export interface PaintedRectangle {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly colour: string;
	readonly opacity: number;
}

/** What a painter did, instead of pixels. One unit is one CSS pixel. */
export class Recording {
	readonly rectangles: PaintedRectangle[] = [];
	readonly texts: { readonly text: string; readonly x: number; readonly y: number; readonly colour: string }[] = [];
	readonly lines: { readonly x: number; readonly y: number; readonly colour: string }[] = [];
	readonly context: CanvasRenderingContext2D;

	constructor(width = 2000, height = 2000) {
		const { rectangles, texts, lines } = this;
		const state = {
			canvas: { width, height },
			fillStyle: "",
			strokeStyle: "",
			lineWidth: 1,
			globalAlpha: 1,
			font: "",
			textAlign: "left",
			textBaseline: "alphabetic",
			fillRect(x: number, y: number, w: number, h: number) {
				rectangles.push({ x, y, width: w, height: h, colour: state.fillStyle, opacity: state.globalAlpha });
			},
			clearRect(x: number, y: number, w: number, h: number) {
				rectangles.push({ x, y, width: w, height: h, colour: "", opacity: 1 });
			},
			fillText(text: string, x: number, y: number) {
				texts.push({ text, x, y, colour: state.fillStyle });
			},
			measureText: (text: string) => ({ width: text.length * 6 }),
			beginPath() {},
			stroke() {},
			moveTo(x: number, y: number) {
				lines.push({ x, y, colour: state.strokeStyle });
			},
			lineTo(x: number, y: number) {
				lines.push({ x, y, colour: state.strokeStyle });
			},
		};
		// The painters use just these members.
		this.context = state as unknown as CanvasRenderingContext2D;
	}

	/** The colours at device pixels, row by row; "" where nothing was painted. */
	raster(width: number, height: number, dpr = 1): string[][] {
		const rows = Array.from({ length: height * dpr }, () => new Array<string>(width * dpr).fill(""));
		for (const { x, y, width: w, height: h, colour } of this.rectangles) {
			for (let row = Math.round(y * dpr); row < Math.round((y + h) * dpr); row++) {
				const cells = rows[row];
				if (cells === undefined) continue;
				for (let column = Math.round(x * dpr); column < Math.round((x + w) * dpr); column++) {
					if (column >= 0 && column < cells.length) cells[column] = colour;
				}
			}
		}
		return rows;
	}

	/** Rectangles of one colour. */
	of(colour: string): PaintedRectangle[] {
		return this.rectangles.filter((rectangle) => rectangle.colour === colour);
	}
}

/** A palette whose colours name what they stand for: `state 4`, `lines`, … */
export function namedPalette(highContrast = false): Palette {
	const inks = Array.from({ length: inkCount }, (_, index) => `state ${index}`);
	for (const [name, index] of Object.entries(ink)) if (index !== 1) inks[index] = name;
	return {
		themeKind: highContrast ? "highContrast" : "dark",
		highContrast,
		background: "background",
		foreground: "foreground",
		secondary: "secondary",
		states: inks.slice(0, 9),
		letters: inks.slice(0, 9).map((name) => `on ${name}`),
		lane: inks[ink.lane] ?? "",
		lines: "lines",
		absent: "absent",
		focus: "focus",
		selection: "selection",
		kinds: Object.fromEntries(mappingKinds.map((kind) => [kind, `kind ${kind}`])) as Palette["kinds"],
		inks,
	};
}
