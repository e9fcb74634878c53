// `npm run bench`: builds and runs the benchmarks, which write BENCHMARKS.md. Takes twenty minutes.
//   npm run bench -- --only smaps,live    some rows, printed and not written; see test/bench/main.ts for their names
import { join } from "node:path";
import { checkout, run } from "./support/commands.mjs";
import { install } from "./support/install.mjs";
import { installSystemPackages, neededToCompare } from "./support/systemPackages.mjs";

await install(checkout, "Packages");
await installSystemPackages(neededToCompare);
const built = await run(process.execPath, ["esbuild.mjs", "--bench"]);
process.exitCode =
	built === 0 ? await run(process.execPath, [join(checkout, "out/bench/main.js"), ...process.argv.slice(2)]) : built;
