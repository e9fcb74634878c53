import { type PageState, pageStates, stateCode } from "../../../shared/pageStates";

/** What every painter takes. */
export interface PaintOptions {
	/** `devicePixelRatio`; the context is scaled so that one unit is one CSS pixel. */
	readonly dpr: number;
	/** States switched off in the legend, as a bit mask by {@link stateMask}: drawn as not present. */
	readonly hidden?: number;
	/** Opacity of the ticks over changed pages, 0…1; 1 when left out. */
	readonly tickOpacity?: number;
}

/** Bit mask of states: bit i stands for state code i. */
export function stateMask(states: Iterable<PageState>): number {
	let mask = 0;
	for (const state of states) mask |= 1 << stateCode[state];
	return mask;
}

/** All states but one: what Alt+click on a legend entry hides. */
export function allStatesBut(shown: PageState): number {
	return stateMask(pageStates.filter((state) => state !== shown));
}

/** Whether the state with this code is switched off. */
export function isHidden(mask: number | undefined, code: number): boolean {
	return mask !== undefined && (mask & (1 << code)) !== 0;
}
