import { formatBytes } from "../../../shared/units";
import type { AddressDescription, MappedAddress } from "../../memory/model";

/**
 * What lies at an address, in one line: `libc.so.6 .text, malloc + 0x1a0`, `Heap + 0x123`, `Nothing is mapped there: …`.
 * Holds names of other processes: escape it for the widget that shows it.
 */
export function addressInWords(place: AddressDescription): string {
	if (place.kind === "mapping") return mappedInWords(place);
	const neighbours = [
		place.below && `${formatBytes(Number(place.below.distance))} after ${place.below.mapping.label}`,
		place.above && `${formatBytes(Number(place.above.distance))} before ${place.above.mapping.label}`,
	].filter(Boolean);
	return `Nothing is mapped there${neighbours.length === 0 ? "" : `: ${neighbours.join(", ")}`}`;
}

function mappedInWords({ mapping, module, offset }: MappedAddress): string {
	const within = `${mapping.label} + ${hex(offset)}`;
	if (module?.section === undefined) return within;
	const place = `${mapping.module ?? mapping.label} ${module.section}`;
	const { symbol } = module;
	if (symbol === undefined) return `${place}, ${within}`;
	if (!symbol.inside) return `${place}, after ${symbol.name}`;
	return `${place}, ${symbol.name}${symbol.offset === 0 ? "" : ` + ${hex(symbol.offset)}`}`;
}

function hex(value: bigint | number): string {
	return `0x${value.toString(16)}`;
}
