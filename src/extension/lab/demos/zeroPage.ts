/** Why a step about the zero page shows something else on kernels that may not map it. */
export const noZeroPage =
	"Not on this kernel: it shares no zero page, as in some virtual machines. Who reads gets a page too, and it counts in RSS.";
