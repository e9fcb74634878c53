import type { Disposable } from "../base/disposable";
import type { SamplerService } from "../sampler/protocol";

/** The part of the sampler that the views use. */
export interface SamplerAccess {
	readonly call: SamplerService;
	/** Calls `listener` after the sampler died and was started again: its watches are gone then. */
	readonly onDidRestart: (listener: () => void) => Disposable;
}
