/** Whether pictures are drawn by a graphics card, or by the processor, which needs sparing. */
const BY_PROCESSOR = /swiftshader|llvmpipe|software|basic render/i;

let known: boolean | undefined;

export function hasGraphicsCard(): boolean {
  known ??= ask();
  return known;
}

function ask(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) return false;
  const details = context.getExtension("WEBGL_debug_renderer_info");
  const name = context.getParameter(
    details ? details.UNMASKED_RENDERER_WEBGL : context.RENDERER,
  ) as string;
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return !BY_PROCESSOR.test(name);
}
