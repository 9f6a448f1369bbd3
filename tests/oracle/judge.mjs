/* judge.mjs PROBLEM.json ANSWER.json…: designs held against their limits by EPANET 2.2 (epanet-js), accuracy 1e-5.
 *
 * Independent of gongfu's solver: the network file is read by EPANET, the answer's sizes are set, heads and velocities come back.
 * Prints one JSON line for each answer: {"name","cost","slack","at","feasible","same_cost"}; exit 1 when one is not feasible or
 * its cost is not the sum of its sizes. Only the single loading of the public problems; more cases are not EPANET's to know.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LinkProperty, LinkStatusType, NodeProperty, NodeType, CountType, Option, Project, Workspace } from "epanet-js";

const problemPath = process.argv[2];
const problem = JSON.parse(readFileSync(problemPath, "utf8"));
const network = readFileSync(join(dirname(problemPath), problem.network), "utf8");

/* The engine gives and takes metres and millimetres in metric files, feet and inches in the others: as the problems do. */
async function judge(answer) {
  const workspace = new Workspace();
  await workspace.loadModule();
  const model = new Project(workspace);
  workspace.writeFile("net.inp", network);
  model.open("net.inp", "report.rpt", "out.bin");
  model.setOption(Option.Accuracy, 1e-5);
  model.setOption(Option.Trials, 500);
  let cost = 0;
  const size = new Map(problem.catalogue.map((row) => [row.diameter, row.unit_cost]));
  for (const [id, diameter] of Object.entries(answer.diameters)) {
    const link = model.getLinkIndex(id);
    if (!size.has(diameter)) throw new Error(`${id}: ${diameter} is not in the catalogue`);
    cost += size.get(diameter) * model.getLinkValue(link, LinkProperty.Length);
    if (diameter > 0) model.setLinkValue(link, LinkProperty.Diameter, diameter);
    else model.setLinkValue(link, LinkProperty.InitStatus, LinkStatusType.Closed);
  }
  model.openH();
  model.initH(10);
  model.runH();
  const limits = new Map(problem.node_limits.map((row) => [row.node, row]));
  let slack = Infinity, at = "";
  const least = (value, where) => { if (!(value >= slack)) { slack = value; at = where; } };
  for (let node = 1; node <= model.getCount(CountType.NodeCount); node++) {
    if (model.getNodeType(node) !== NodeType.Junction) continue;
    const id = model.getNodeId(node), own = limits.get(id) ?? {};
    const pressure = model.getNodeValue(node, NodeProperty.Head) - model.getNodeValue(node, NodeProperty.Elevation);
    least(pressure - (own.pmin ?? problem.pressure_head_min_default), id);
    if (own.pmax !== undefined && own.pmax !== null) least(own.pmax - pressure, id);
  }
  for (const id of problem.velocity_max === null ? [] : Object.keys(answer.diameters))
    least(problem.velocity_max - Math.abs(model.getLinkValue(model.getLinkIndex(id), LinkProperty.Velocity)), id);
  model.close();
  const sameCost = Math.abs(cost - answer.cost) <= 0.01 + 1e-9 * cost;
  return { name: answer.name, cost, slack, at, feasible: slack >= 0, same_cost: sameCost };
}

let good = true;
for (const path of process.argv.slice(3)) {
  const verdict = await judge(JSON.parse(readFileSync(path, "utf8")));
  good &&= verdict.feasible && verdict.same_cost;
  console.log(JSON.stringify(verdict));
}
process.exit(good ? 0 : 1);
