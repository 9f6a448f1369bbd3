/* time.mjs NET.inp [RUNS]: median microseconds of a re-solve by epanet-js (EPANET 2.2 in WebAssembly) after every pipe got another
 * diameter, accuracy 1e-5. For the bench where no native EPANET is at hand; a call from JavaScript costs more than the solving.
 */
import { readFileSync } from "node:fs";
import { CountType, LinkProperty, LinkType, Option, Project, Workspace } from "epanet-js";

const runs = Number(process.argv[3] ?? 200);
const workspace = new Workspace();
await workspace.loadModule();
const model = new Project(workspace);
workspace.writeFile("net.inp", readFileSync(process.argv[2], "utf8"));
model.open("net.inp", "report.rpt", "out.bin");
model.setOption(Option.Accuracy, 1e-5);
const pipes = [];
for (let link = 1; link <= model.getCount(CountType.LinkCount); link++)
  if (model.getLinkType(link) <= LinkType.Pipe) pipes.push([link, model.getLinkValue(link, LinkProperty.Diameter)]);
model.openH();
model.initH(10);
model.runH();
let seed = 1;
const chance = () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
const times = [];
for (let run = 0; run < runs; run++) {
  const sizes = pipes.map(([, diameter]) => diameter * (0.8 + 0.45 * chance()));
  const begun = performance.now();
  pipes.forEach(([link], at) => model.setLinkValue(link, LinkProperty.Diameter, sizes[at]));
  model.runH();
  times.push((performance.now() - begun) * 1000);
}
times.sort((a, b) => a - b);
console.log(times[Math.floor(runs / 2)].toFixed(1));
