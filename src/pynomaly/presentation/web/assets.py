"""What browsers load besides pages: built beforehand, named by content, kept by browsers for good."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response

from pynomaly.domain.errors import NotFound, Unavailable

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
    "webmanifest": "application/manifest+json",
}
FOR_GOOD = "public, max-age=31536000, immutable"
NOT_BUILT = "the pages' style and scripts are not built: run `make assets`, then start the server again"


@dataclass(frozen=True, slots=True)
class Assets:
    """The built files. build: a name for all of them together, which changes when any of them does."""

    folder: Traversable
    build: str
    names: frozenset[str]

    def url(self, name: str) -> str:
        """Return the address of a file. Raises NotFound, and Unavailable where nothing was built."""
        if not self.names:
            raise Unavailable(NOT_BUILT)
        if name not in self.names:
            raise NotFound(f"there is no asset '{name}'")
        return f"/assets/{self.build}/{name}"

    def answer(self, build: str, name: str, request: Request) -> Response:
        """Return a file, packed where the browser takes it so. Raises NotFound."""
        if build != self.build or name not in self.names:
            raise NotFound("there is no such file; load the page anew")
        headers = {"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"}
        packed = self.folder.joinpath(f"{name}.gz")
        is_packed = "gzip" in request.headers.get("accept-encoding", "") and packed.is_file()
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        content = (packed if is_packed else self.folder.joinpath(name)).read_bytes()
        return Response(content, headers=headers, media_type=MEDIA_TYPES[name.rpartition(".")[2]])

    def text(self, name: str) -> str:
        """Return a file's text. Raises Unavailable where nothing was built."""
        if name not in self.names:
            raise Unavailable(NOT_BUILT)
        return self.folder.joinpath(name).read_text("utf-8")


@cache
def built_assets() -> Assets:
    """Return what the build left in the package; nothing where there was no build, and every page says so."""
    folder = files(__package__).joinpath("static")
    place = folder.joinpath("manifest.json")
    if not place.is_file():
        return Assets(folder, "none", frozenset())
    manifest: Mapping[str, str | Mapping[str, str]] = json.loads(place.read_text("utf-8"))
    return Assets(folder, str(manifest["build"]), frozenset(manifest["files"]))
