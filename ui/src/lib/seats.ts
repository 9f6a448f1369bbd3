/* Where the nodes and the bands of a drawn flow stand, in pixels of the drawing: ECharts tells it only inside. */
import type { Drawing } from "@/lib/echarts";

export interface NodeSeat { x: number; y: number; dx: number; dy: number }
interface BandSeat { sy: number; ty: number; dy: number }
interface Laid<Seat> { getLayout(): Seat }
interface FlowModel { getSeriesByIndex(at: number): { layoutInfo: { x: number; y: number }; getGraph(): { nodes: (Laid<NodeSeat> & { id: string })[]; edges: Laid<BandSeat>[] } } }
export function flowSeats(drawing: Drawing): { nodes: Map<string, NodeSeat>; bands: BandSeat[] } {
  const series = (drawing as unknown as { getModel(): FlowModel }).getModel().getSeriesByIndex(0), { x, y } = series.layoutInfo, graph = series.getGraph();
  return {
    nodes: new Map(graph.nodes.map((node) => { const at = node.getLayout(); return [node.id, { ...at, x: at.x + x, y: at.y + y }]; })),
    bands: graph.edges.map((edge) => edge.getLayout()),
  };
}
