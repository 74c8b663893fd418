"""Child process that turns Typst markup into a PDF: reads a job as JSON, prints the answer as JSON.

It stands alone, so that it starts fast and imports nothing of the portal. The job names a folder with `main.typ`; the
PDF is written beside it. The answer tells the page of each heading, or the text that no font can show.
"""

import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

UNSHOWABLE = re.compile(r"the text `?\"(.*)\"`? could not be displayed with font", re.DOTALL)


def plain(quoted: str) -> str:
    """Return a text that Typst quotes in a message, such as `\\u{70f}`, as it is."""
    return re.sub(r"\\u\{([0-9a-f]+)\}|\\(.)", lambda found: chr(int(found[1], 16)) if found[1] else found[2], quoted)


def main() -> None:
    job: dict[str, Any] = json.load(sys.stdin)
    limit = job["megabytes"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"]))  # if nobody is left to end it
    try:
        import typst  # after the limits, so that they hold for all that the library takes
    except (ImportError, MemoryError) as error:
        sys.exit(f"the package typst cannot be loaded: {error}")

    compiler = typst.Compiler(
        f"{job['folder']}/main.typ",
        root=job["folder"],
        font_paths=job["fonts"],
        ignore_system_fonts=True,
        sys_inputs={"facts": job["facts"]},
    )
    try:
        content: Any = compiler.compile(format="pdf", pdf_standards=job["standards"], timestamp=job["timestamp"])
    except typst.TypstError as error:
        unshowable = UNSHOWABLE.search(error.message)
        if not unshowable:
            sys.exit(f"{error.message} {' '.join(error.hints)}")
        print(json.dumps({"unshowable": plain(unshowable[1])}))
        return
    Path(job["folder"], "main.pdf").write_bytes(content)
    # Asked of the same compiler, which remembers the layout: this costs next to nothing.
    print(json.dumps({"pages": json.loads(compiler.query("<pages>", field="value", one=True, format="json"))}))


if __name__ == "__main__":
    main()
