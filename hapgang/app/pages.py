"""Files for the browser: the portal, and the page of the API's description."""

import mimetypes
from pathlib import Path
from typing import Any

import swagger_ui_bundle
from starlette.responses import FileResponse, HTMLResponse, Response

from hapgang.app.context import accepts
from hapgang.app.settings import bundled

_MISSING = """<!doctype html><html lang="ko"><meta charset="utf-8"><title>합강 Hapgang</title>
<p>포털이 아직 만들어지지 않았습니다. <code>make portal</code>을 실행한 뒤 새로 고치세요.</p>
<p lang="en">The portal is not built yet. Run <code>make portal</code> and reload.</p>
<p><a href="/docs">API</a> · <a href="/health">/health</a> · <a href="/metrics">/metrics</a></p>
</html>"""
_DOCS = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Hapgang API</title><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><main id="swagger-ui"></main><script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script></body></html>"""
_START = """SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true});"""
_IMMUTABLE = "public, max-age=31536000, immutable"  # Vite puts a hash into the names of assets
_ASKED_AGAIN = "no-cache"  # kept, but asked for again: the pages, the service worker, icons
_PACKED = (("br", ".br"), ("gzip", ".gz"))  # what the portal's build lays beside a file, best first
_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}


class Pages:
    """The portal's files; paths that are none are the portal's own pages."""

    def __init__(self) -> None:
        """Serve what `make portal` built."""
        self._portal = bundled("portal").resolve()
        self._docs = Path(swagger_ui_bundle.swagger_ui_path)

    async def respond(self, scope: Any) -> Response:
        """Return the file, or the page, at a path."""
        path = scope["path"]
        if path == "/docs" or path.startswith("/docs/"):
            return self._described(path)
        file = (self._portal / path.lstrip("/")).resolve()
        if file.is_relative_to(self._portal) and file.is_file():
            return _file(scope, file, _IMMUTABLE if path.startswith("/assets/") else _ASKED_AGAIN)
        if path.startswith("/assets/"):  # of an older build: no page of the portal's own
            return Response(status_code=404)
        index = self._portal / "index.html"
        if index.is_file():
            return _file(scope, index, _ASKED_AGAIN)
        return HTMLResponse(_MISSING, status_code=503)

    def _described(self, path: str) -> Response:
        if path == "/docs/start.js":
            return Response(_START, media_type="text/javascript")
        if path in ("/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"):
            return FileResponse(self._docs / path.rsplit("/", 1)[1])
        return HTMLResponse(_DOCS)


def _file(scope: Any, file: Path, caching: str) -> Response:
    """Return a file, packed where the build has packed it and the browser can unpack it."""
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
    for encoding, ending in _PACKED:
        packed = file.with_name(file.name + ending)
        if accepts(scope, encoding) and packed.is_file():
            headers["Content-Encoding"] = encoding
            return FileResponse(packed, media_type=kind, headers=headers)
    return FileResponse(file, media_type=kind, headers=headers)
