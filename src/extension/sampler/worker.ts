import { type MessagePort, parentPort } from "node:worker_threads";
import { type Port, serve } from "../../shared/rpc";
import { createSamplerService } from "./service";
import { readSystemInfo } from "./system";

/** Entry of the worker thread: serves the sampler on the thread's port. */
function run(port: MessagePort): void {
	const wire: Port = {
		post: (message) => port.postMessage(message),
		listen: (listener) => {
			port.on("message", listener);
			return () => port.off("message", listener);
		},
	};
	serve(wire, createSamplerService(readSystemInfo()));
}

if (parentPort) run(parentPort);
