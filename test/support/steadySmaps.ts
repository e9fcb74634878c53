import type { SmapsColumns } from "../../src/extension/proc/smaps";

/**
 * The columns without the amounts that others change though the process rests: they begin and end to share its files at
 * any moment.
 */
export function steadySmaps({ maps, fields, ...rest }: SmapsColumns): SmapsColumns {
	const amounts = [...fields].map(([name, column]) => {
		const varies = /^(Pss|Shared_|Private_)/.test(name);
		return [name, column.map((value, index) => (varies && maps.names[index] !== 0 ? 0 : value))] as const;
	});
	return { maps, fields: new Map(amounts), ...rest };
}
