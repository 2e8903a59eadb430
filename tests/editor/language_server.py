"""A client of the YAML language server, as an editor is one: it opens a file and asks for completions, texts and problems."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from pathlib import Path
from queue import Queue
from typing import Any

SECONDS = 60
LOCAL = Path(__file__).parents[2] / ".ci" / "node" / "node_modules" / ".bin" / "yaml-language-server"


def server() -> str | None:
    """The program, if it is installed."""
    return shutil.which("yaml-language-server") or (str(LOCAL) if LOCAL.exists() else None)


class Editor:
    """One session with the server; use it in a `with` block."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.messages: Queue[dict[str, Any]] = Queue()
        self.count = 0

    def __enter__(self) -> Editor:
        program = server()
        assert program is not None
        self.process = subprocess.Popen([program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.request("initialize", {"processId": None, "rootUri": self.folder.as_uri(), "capabilities": {}})
        self._send({"method": "initialized", "params": {}})
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.listener.join()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while line := stream.readline():
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
                while stream.readline().strip():
                    pass
                self.messages.put(json.loads(stream.read(size)))

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _next(self) -> dict[str, Any]:
        message = self.messages.get(timeout=SECONDS)
        if "id" in message and "method" in message:
            settings = [None for _ in message.get("params", {}).get("items", [])]
            self._send({"id": message["id"], "result": settings if message["method"] == "workspace/configuration" else None})
        return message

    def request(self, method: str, params: dict[str, Any]) -> Any:
        """The answer to a request."""
        self.count += 1
        self._send({"id": self.count, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == self.count and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]

    def open(self, name: str, text: str) -> str:
        """Open a file with a text; the identifier of the file."""
        uri = (self.folder / name).as_uri()
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}})
        return uri

    def problems(self, uri: str) -> list[dict[str, Any]]:
        """The problems of an open file, as soon as the server reports them."""
        while True:
            message = self._next()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                return list(message["params"]["diagnostics"])

    def completions(self, uri: str, line: int, character: int) -> list[str]:
        """What the editor offers at a place (lines and characters start at 0)."""
        found = self.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})
        return [item["label"] for item in found["items"]]

    def hover(self, uri: str, line: int, character: int) -> str:
        """The text that the editor shows at a place."""
        found = self.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})
        return str(found["contents"]["value"]) if found else ""
