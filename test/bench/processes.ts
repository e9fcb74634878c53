import { listProcesses } from "../../src/extension/sampler/processes";
import type { SystemInfo } from "../../src/extension/sampler/system";
import { command, inTurns, timed } from "./measure";
import { type AddRow, comparisonRow } from "./rows";
import { withTarget } from "./targets";

/** The list of 2,000 processes. */
export async function benchProcesses(system: SystemInfo, add: AddRow): Promise<void> {
	await withTarget(["children", 2000], async () => {
		const ours = () => timed(() => listProcesses(system, true));
		const found = await inTurns(ours, command("ps", "-eo", "pid,user,rss,comm"), 21);
		add(comparisonRow("2,000 processes with name, user, RSS", "`ps -eo pid,user,rss,comm`", found, 1));
	});
}
