// A program: serves the sampler to the process that started it, over the channel between them.
import { forcePageTableWay, type PageTableWay } from "../../src/extension/sampler/pageTable";
import type { SamplerService } from "../../src/extension/sampler/protocol";
import { createSamplerService } from "../../src/extension/sampler/service";
import { readSystemInfo } from "../../src/extension/sampler/system";
import { serve } from "../../src/shared/rpc";

/** The sampler, and what tests set. */
export interface TestedSampler extends SamplerService {
	forcePageTableWay(way: PageTableWay): Promise<void>;
}

if (process.send) {
	serve<TestedSampler, Record<never, never>>(
		{
			post: (message) => process.send?.(message),
			listen: (listener) => {
				process.on("message", listener);
				return () => process.off("message", listener);
			},
		},
		{ ...createSamplerService(readSystemInfo()), forcePageTableWay: async (way) => forcePageTableWay(way) },
	);
	process.on("disconnect", () => process.exit());
}
