// `npm run bench`: builds and runs the benchmarks, which write BENCHMARKS.md.
import { join } from "node:path";
import { checkout, run } from "./support/commands.mjs";
import { install } from "./support/install.mjs";

await install(checkout, "Packages");
const built = await run(process.execPath, ["esbuild.mjs", "--bench"]);
process.exitCode = built === 0 ? await run(process.execPath, [join(checkout, "out/bench/main.js")]) : built;
