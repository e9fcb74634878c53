// The sampler's worker, which also collects its garbage when the benchmark of memory asks for it.
import "../../src/extension/sampler/worker";
import { collectOnRequest } from "./collect";

collectOnRequest();
